-- One row per group of product lines: how many codes, of whom, and how many gemeenten have in common.
-- Reads `keuze`: the chosen lines, with their group in `groep`; a row stands for `aantal` lines that are alike.
-- `client`: for whom a gemeente used which code, with its group; a row stands for `aantal` clients.
-- `codegebruik`: which codes an aanbieder used, with its group; a row stands for `aantal` codes.
-- A pair is a code that a gemeente uses.
WITH paar AS (
    SELECT
        groep
        , wet
        , gemeente
        , product_code
        , BOOL_OR(is_eigen_code) AS is_eigen_code
        , SUM(aantal) AS regels
        , SUM(CASE WHEN is_regiocode IS NOT NULL THEN aantal ELSE 0 END) AS regels_vergelijkbaar
        , SUM(CASE WHEN is_regiocode THEN aantal ELSE 0 END) AS regels_regiocode
    FROM keuze
    GROUP BY groep, wet, gemeente, product_code
)

, clienten AS (
    SELECT
        groep
        , wet
        , gemeente
        , code
        , SUM(CASE WHEN is_bekend THEN aantal ELSE 0 END) AS clienten
    FROM client
    GROUP BY groep, wet, gemeente, code
)

, een_client AS (
    SELECT
        groep
        , COUNT(*) FILTER (WHERE clienten = 1) AS paren
    FROM clienten
    GROUP BY groep
)

, per_aanbieder AS (
    SELECT
        groep
        , aanbieder
        , CAST(SUM(aantal) AS BIGINT) AS codes
    FROM codegebruik
    GROUP BY groep, aanbieder
)

, per_gemeente AS (
    SELECT
        groep
        , wet
        , gemeente
        , COUNT(*) AS codes
    FROM paar
    GROUP BY groep, wet, gemeente
)

, gemeen AS (
    SELECT
        een.groep
        , een.wet
        , een.gemeente
        , ander.gemeente AS andere_gemeente
        , COUNT(*) AS codes
    FROM paar AS een
    INNER JOIN paar AS ander
        ON
            een.groep = ander.groep
            AND een.wet = ander.wet
            AND een.product_code = ander.product_code
            AND een.gemeente < ander.gemeente
    GROUP BY een.groep, een.wet, een.gemeente, ander.gemeente
)

-- Jaccard: what two gemeenten have in common, of what either has
, overlap AS (
    SELECT
        een.groep
        , COALESCE(gemeen.codes / CAST(een.codes + ander.codes - gemeen.codes AS DOUBLE), 0) AS deel
    FROM per_gemeente AS een
    INNER JOIN per_gemeente AS ander
        ON
            een.groep = ander.groep
            AND een.wet = ander.wet
            AND een.gemeente < ander.gemeente
    LEFT JOIN gemeen
        ON
            een.groep = gemeen.groep
            AND een.wet = gemeen.wet
            AND een.gemeente = gemeen.gemeente
            AND ander.gemeente = gemeen.andere_gemeente
)

-- in decimals, so that the mean does not depend on the order of the pairs
, gemiddeld AS (
    SELECT
        groep
        , AVG(CAST(deel AS DECIMAL(18, 15))) AS gemiddelde_overlap
    FROM overlap
    GROUP BY groep
)

, regel AS (
    SELECT
        groep
        , CAST(SUM(regels) AS BIGINT) AS regels
        , COUNT(DISTINCT wet || product_code) AS codes
        , CAST(SUM(regels_vergelijkbaar) AS BIGINT) AS regels_vergelijkbaar
        , CAST(SUM(regels_regiocode) AS BIGINT) AS regels_regiocode
    FROM paar
    GROUP BY groep
)

, aanbieder AS (
    SELECT
        groep
        , COUNT(*) AS aanbieders
        , AVG(codes) AS gemiddeld_codes_per_aanbieder
        , PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CAST(codes AS DOUBLE)) AS mediaan_codes_per_aanbieder
    FROM per_aanbieder
    GROUP BY groep
)

, telling AS (
    SELECT
        groep
        , COUNT(*) AS paren
        , COUNT(*) FILTER (WHERE is_eigen_code) AS paren_eigen_code
    FROM paar
    GROUP BY groep
)

SELECT
    regel.groep
    , regel.regels
    , regel.codes
    , aanbieder.aanbieders
    , aanbieder.gemiddeld_codes_per_aanbieder
    , aanbieder.mediaan_codes_per_aanbieder
    , telling.paren
    , telling.paren_eigen_code
    , telling.paren_eigen_code / CAST(telling.paren AS DOUBLE) AS aandeel_paren_eigen_code
    , verkeer.wilson_laag(telling.paren_eigen_code, telling.paren) AS aandeel_paren_eigen_code_laag
    , verkeer.wilson_hoog(telling.paren_eigen_code, telling.paren) AS aandeel_paren_eigen_code_hoog
    , een_client.paren AS paren_een_client
    , een_client.paren / CAST(telling.paren AS DOUBLE) AS aandeel_paren_een_client
    , verkeer.wilson_laag(een_client.paren, telling.paren) AS aandeel_paren_een_client_laag
    , verkeer.wilson_hoog(een_client.paren, telling.paren) AS aandeel_paren_een_client_hoog
    , gemiddeld.gemiddelde_overlap
    , regel.regels_vergelijkbaar
    , regel.regels_regiocode
    , regel.regels_regiocode / CAST(NULLIF(regel.regels_vergelijkbaar, 0) AS DOUBLE) AS aandeel_regels_regiocode
    , verkeer.wilson_laag(regel.regels_regiocode, regel.regels_vergelijkbaar) AS aandeel_regels_regiocode_laag
    , verkeer.wilson_hoog(regel.regels_regiocode, regel.regels_vergelijkbaar) AS aandeel_regels_regiocode_hoog
FROM regel
INNER JOIN aanbieder ON regel.groep = aanbieder.groep
INNER JOIN telling ON regel.groep = telling.groep
INNER JOIN een_client ON regel.groep = een_client.groep
LEFT JOIN gemiddeld ON regel.groep = gemiddeld.groep
