-- One row per group, wet, aanbieder and product_code: how many lines.
-- Reads `keuze`: the chosen lines, with their group in `groep`.
SELECT
    groep
    , wet
    , aanbieder
    , product_code
    , COUNT(*) AS aantal
FROM keuze
GROUP BY groep, wet, aanbieder, product_code
