-- One row per product line with a code, with its verdict, its client, and its unit where a line has one.
-- Reads `gevallen`: cases of productcode-afwijking. Their geval_id ends with the number of the line.
WITH regel AS (
    SELECT
        bericht_nr
        , regel_nr
        , client_nr
        , CAST(NULL AS VARCHAR) AS eenheid
    FROM bron.aangevraagd_product
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
        , client_nr
        , eenheid
    FROM bron.toegewezen_product
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
        , client_nr
        , CAST(NULL AS VARCHAR) AS eenheid
    FROM bron.start_product
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
        , client_nr
        , CAST(NULL AS VARCHAR) AS eenheid
    FROM bron.stop_product
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
        , client_nr
        , CAST(NULL AS VARCHAR) AS eenheid
    FROM bron.verzoek_wijziging_product
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
        , client_nr
        , eenheid
    FROM bron.prestatie
)

SELECT
    geval.geval_id
    , geval.bericht_nr
    , geval.wet
    , geval.gemeente
    , geval.aanbieder
    , geval.start_dag AS dagtekening
    , client.client_sleutel
    , geval.product_categorie
    , geval.product_code
    , geval.oordeel_dag
    , geval.oordeel
    , geval.reden_afwijking
    , regel.eenheid
FROM gevallen AS geval
INNER JOIN regel
    ON
        geval.bericht_nr = regel.bericht_nr
        AND CAST(SUBSTR(geval.geval_id, LENGTH(CAST(geval.bericht_id AS VARCHAR)) + 2) AS INTEGER) = regel.regel_nr
LEFT JOIN verkeer.client AS client ON regel.client_nr = client.client_nr
WHERE geval.product_code IS NOT NULL
