-- One row per gemeente and deviating product code, the most used of a gemeente first. Reads `codes_gebruik`.
SELECT
    gemeente
    , wet
    , product_categorie
    , product_code
    , CAST(SUM(aantal) AS BIGINT) AS regels
    , COUNT(DISTINCT client_sleutel) AS clienten
FROM codes_gebruik
WHERE
    oordeel = 'afwijkend'
    AND gemeente IS NOT NULL
GROUP BY gemeente, wet, product_categorie, product_code
ORDER BY
    gemeente ASC
    , regels DESC
    , wet ASC
    , product_categorie ASC NULLS FIRST
    , product_code ASC
