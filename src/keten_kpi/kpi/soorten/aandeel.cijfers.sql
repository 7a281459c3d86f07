-- One row per group of cases: how many there are, how many of them had which outcome, and what share that is.
-- Reads `keuze`: the chosen cases, with their group in `groep`; a row stands for `aantal` cases that are alike, with their centen.
-- A dimension of the KPI's own divides the cases with an outcome, not what they are a share of: that is the group without such
-- a dimension, in `noemer`.
-- x_geheel stands for what is counted, x_uitkomst for each outcome.
WITH telt AS (
    SELECT
        groep
        , noemer
        , is_uitgesplitst
        , uitkomst
        , aantal
        , centen
        , volgnr = 1 AS is_eerste
    FROM keuze
    WHERE reden_telt_niet IS NULL
)

, geheel AS (
    SELECT
        noemer
        , CAST(SUM(aantal) AS BIGINT) AS x_geheel
        , CAST(SUM(centen) AS BIGINT) AS centen
    FROM telt
    WHERE is_eerste
    GROUP BY noemer
)

, per_groep AS (
    SELECT
        groep
        , noemer
        , CAST(SUM(CASE WHEN uitkomst = 'x_uitkomst' THEN aantal ELSE 0 END) AS BIGINT) AS x_uitkomst
        , CAST(COALESCE(SUM(centen) FILTER (WHERE uitkomst = 'x_uitkomst'), 0) AS BIGINT) AS x_uitkomst_centen
    FROM telt
    WHERE is_eerste OR is_uitgesplitst
    GROUP BY groep, noemer
)

SELECT
    per_groep.groep
    , geheel.x_geheel
    , per_groep.x_uitkomst
    , per_groep.x_uitkomst / CAST(geheel.x_geheel AS DOUBLE) AS aandeel_x_uitkomst
    , verkeer.wilson_laag(per_groep.x_uitkomst, geheel.x_geheel) AS aandeel_x_uitkomst_laag
    , verkeer.wilson_hoog(per_groep.x_uitkomst, geheel.x_geheel) AS aandeel_x_uitkomst_hoog
    , CAST(geheel.centen AS DOUBLE) / 100 AS euro_x_geheel
    , CAST(per_groep.x_uitkomst_centen AS DOUBLE) / 100 AS euro_x_uitkomst
    , per_groep.x_uitkomst_centen / CAST(NULLIF(geheel.centen, 0) AS DOUBLE) AS aandeel_euro_x_uitkomst
FROM per_groep
INNER JOIN geheel ON per_groep.noemer = geheel.noemer
