-- One row per product line that may be used more or less widely now, or is of a changed message.
WITH regel AS (
    SELECT
        bericht_nr
        , regel_nr
    FROM bron.aangevraagd_product
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
    FROM bron.toegewezen_product
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
    FROM bron.start_product
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
    FROM bron.stop_product
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
    FROM bron.verzoek_wijziging_product
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
    FROM bron.prestatie
)

SELECT CAST(bericht.bericht_id AS VARCHAR) || '-' || regel.regel_nr AS geval_id
FROM regel
INNER JOIN temp.geraakt_zending AS bericht ON regel.bericht_nr = bericht.bericht_nr
UNION
SELECT geval_id
FROM temp.deel_coderegel
WHERE is_geraakt
