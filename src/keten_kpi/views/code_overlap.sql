-- One row per wet and pair of gemeenten with product lines: how many codes both use, of how many that either uses (Jaccard).
WITH paar AS (
    SELECT DISTINCT
        wet
        , gemeente
        , product_code
    FROM verkeer.verzonden_productregel
    WHERE product_code IS NOT NULL
)

, per_gemeente AS (
    SELECT
        wet
        , gemeente
        , COUNT(*) AS codes
    FROM paar
    GROUP BY wet, gemeente
)

, gemeen AS (
    SELECT
        een.wet
        , een.gemeente
        , ander.gemeente AS andere_gemeente
        , COUNT(*) AS codes
    FROM paar AS een
    INNER JOIN paar AS ander
        ON
            een.wet = ander.wet
            AND een.product_code = ander.product_code
            AND een.gemeente < ander.gemeente
    GROUP BY een.wet, een.gemeente, ander.gemeente
)

SELECT
    een.wet
    , een.gemeente
    , ander.gemeente AS andere_gemeente
    , een.codes
    , ander.codes AS codes_andere_gemeente
    , COALESCE(gemeen.codes, 0) AS codes_gemeen
    , COALESCE(gemeen.codes, 0) / CAST(een.codes + ander.codes - COALESCE(gemeen.codes, 0) AS DOUBLE) AS overlap
FROM per_gemeente AS een
INNER JOIN per_gemeente AS ander
    ON
        een.wet = ander.wet
        AND een.gemeente < ander.gemeente
LEFT JOIN gemeen
    ON
        een.wet = gemeen.wet
        AND een.gemeente = gemeen.gemeente
        AND ander.gemeente = gemeen.andere_gemeente
