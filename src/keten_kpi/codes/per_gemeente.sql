-- One row per gemeente and deviating product code, the most used of a gemeente first. Reads `codes_regel`.
SELECT
    gemeente
    , wet
    , product_categorie
    , product_code
    , COUNT(*) AS regels
    , COUNT(DISTINCT client_sleutel) AS clienten
FROM codes_regel
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
