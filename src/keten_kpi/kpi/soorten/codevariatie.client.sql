-- One row per group, wet, gemeente, product_code and client: how many lines.
-- Reads `keuze`: the chosen lines, with their group in `groep`.
SELECT
    groep
    , wet
    , gemeente
    , product_code
    , client_sleutel
    , COUNT(*) AS aantal
FROM keuze
GROUP BY groep, wet, gemeente, product_code, client_sleutel
