-- One row per message that is new since the stand and client of a line of it (301, 305, 307, 315, 317): a number for both parties and it.
WITH regel AS (
    SELECT
        bericht_nr
        , client_nr
    FROM bron.toegewezen_product
    UNION
    SELECT
        bericht_nr
        , client_nr
    FROM bron.start_product
    UNION
    SELECT
        bericht_nr
        , client_nr
    FROM bron.stop_product
    UNION
    SELECT
        bericht_nr
        , client_nr
    FROM bron.aangevraagd_product
    UNION
    SELECT
        bericht_nr
        , client_nr
    FROM bron.verzoek_wijziging
)

SELECT
    regel.bericht_nr
    , HASH(bericht.gemeente, bericht.aanbieder, persoon.client_sleutel) AS client_hash
FROM regel
INNER JOIN verkeer.verzending AS bericht ON regel.bericht_nr = bericht.bericht_nr
LEFT JOIN verkeer.client AS persoon ON regel.client_nr = persoon.client_nr
WHERE regel.bericht_nr > CAST(GETVARIABLE('stand_bericht_nr') AS BIGINT)
