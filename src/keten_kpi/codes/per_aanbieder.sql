-- One row per aanbieder: with how many gemeenten it exchanges product codes, and how many codes. Reads `codes_gebruik`.
SELECT
    aanbieder
    , COUNT(DISTINCT gemeente) AS gemeenten
    , COUNT(DISTINCT wet || product_code) AS codes
    , COUNT(DISTINCT wet || gemeente || product_code) AS codes_per_gemeente
    , COUNT(DISTINCT client_sleutel) AS clienten
FROM codes_gebruik
WHERE aanbieder IS NOT NULL
GROUP BY aanbieder
ORDER BY
    codes DESC
    , aanbieder ASC
