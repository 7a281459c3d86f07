-- One row per set of codes that messages hold and code in it, with its verdict. Reads `codes_samenstelling`; its number is in bericht_nr.
WITH lijn AS (
    SELECT
        samenstelling.volgnr
        , UNNEST(samenstelling.codes) AS code
    FROM codes_samenstelling AS samenstelling
)

SELECT
    ROW_NUMBER() OVER () AS geval_id
    , volgnr AS bericht_nr
    , STRUCT_EXTRACT(code, 'wet') AS wet
    , CAST(NULL AS VARCHAR) AS gemeente
    , CAST(NULL AS VARCHAR) AS aanbieder
    , CAST(NULL AS DATE) AS dagtekening
    , CAST(NULL AS VARCHAR) AS client_sleutel
    , STRUCT_EXTRACT(code, 'product_categorie') AS product_categorie
    , STRUCT_EXTRACT(code, 'product_code') AS product_code
    , STRUCT_EXTRACT(code, 'tijdvak_dag') AS oordeel_dag
    , STRUCT_EXTRACT(code, 'oordeel') AS oordeel
    , CAST(NULL AS VARCHAR) AS reden_afwijking
    , CAST(NULL AS VARCHAR) AS eenheid
FROM lijn
