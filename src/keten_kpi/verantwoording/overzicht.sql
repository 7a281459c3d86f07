-- One row per gemeente, wet, product and eenheid: what was declared for care that ended in the year, and what became of it.
-- Credits are negative, everywhere: gedeclareerd + gecrediteerd = toegekend + afgekeurd + onbeantwoord.
WITH regel AS (
    SELECT
        gemeente
        , wet
        , product_categorie
        , product_code
        , eenheid
        , client_id
        , volume
        , ingediend_centen
        , toegekend_centen
        , is_toegekend
    FROM verantwoording_prestatie
    WHERE is_jaar
)

, som AS (
    SELECT
        gemeente
        , wet
        , product_categorie
        , product_code
        , eenheid
        , COUNT(DISTINCT client_id) AS clienten
        , COUNT(*) AS prestaties
        , SUM(volume) AS volume
        , SUM(volume) FILTER (WHERE is_toegekend) AS volume_toegekend
        , SUM(ingediend_centen) FILTER (WHERE ingediend_centen >= 0) AS gedeclareerd_centen
        , SUM(ingediend_centen) FILTER (WHERE ingediend_centen < 0) AS gecrediteerd_centen
        , SUM(ingediend_centen - toegekend_centen) AS afgekeurd_centen
        , SUM(ingediend_centen) FILTER (WHERE toegekend_centen IS NULL) AS onbeantwoord_centen
        , SUM(toegekend_centen) AS toegekend_centen
    FROM regel
    GROUP BY gemeente, wet, product_categorie, product_code, eenheid
)

SELECT
    gemeente
    , wet
    , product_categorie
    , product_code
    , eenheid
    , clienten
    , prestaties
    , CAST(COALESCE(volume, 0) AS DECIMAL(18, 2)) AS volume
    , CAST(COALESCE(volume_toegekend, 0) AS DECIMAL(18, 2)) AS volume_toegekend
    , CAST(COALESCE(gedeclareerd_centen, 0) / CAST(100 AS DOUBLE) AS DECIMAL(18, 2)) AS gedeclareerd_euro
    , CAST(COALESCE(gecrediteerd_centen, 0) / CAST(100 AS DOUBLE) AS DECIMAL(18, 2)) AS gecrediteerd_euro
    , CAST(COALESCE(afgekeurd_centen, 0) / CAST(100 AS DOUBLE) AS DECIMAL(18, 2)) AS afgekeurd_euro
    , CAST(COALESCE(onbeantwoord_centen, 0) / CAST(100 AS DOUBLE) AS DECIMAL(18, 2)) AS onbeantwoord_euro
    , CAST(COALESCE(toegekend_centen, 0) / CAST(100 AS DOUBLE) AS DECIMAL(18, 2)) AS toegekend_euro
FROM som
ORDER BY gemeente, wet, product_categorie, product_code NULLS FIRST, eenheid NULLS FIRST
