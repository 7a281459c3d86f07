-- One row per case of a product line that may be another one now: of a changed message, or of a toewijzing of which a line changed.
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
SELECT CAST(bericht_id AS VARCHAR) || '-' || regel_nr AS geval_id
FROM temp.geraakt_productregel
