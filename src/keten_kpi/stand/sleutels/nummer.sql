-- One row per message that is new since the stand and toewijzing that a line of it (301, 305, 307) names: a number for gemeente and it.
WITH regel AS (
    SELECT
        bericht_nr
        , toewijzing_nummer
    FROM bron.toegewezen_product
    UNION
    SELECT
        bericht_nr
        , toewijzing_nummer
    FROM bron.start_product
    UNION
    SELECT
        bericht_nr
        , toewijzing_nummer
    FROM bron.stop_product
)

SELECT
    regel.bericht_nr
    , HASH(bericht.gemeente, regel.toewijzing_nummer) AS nummer_hash
FROM regel
INNER JOIN verkeer.verzending AS bericht ON regel.bericht_nr = bericht.bericht_nr
WHERE
    regel.toewijzing_nummer IS NOT NULL
    AND regel.bericht_nr > CAST(GETVARIABLE('stand_bericht_nr') AS BIGINT)
