-- One row per message and code in it that is not national on every day, with its verdict and the days that have one verdict.
-- Reads `gevallen`: cases of productcode-afwijking. No list begins or ends to hold between tijdvak_dag and oordeel_dag.
WITH begin AS (
    SELECT
        wet
        , van_dag AS dag
    FROM verkeer.productcode_periode
    UNION
    SELECT
        wet
        , tot_dag + 1 AS dag
    FROM verkeer.productcode_periode
    WHERE tot_dag < CAST('9999-12-31' AS DATE)
)

, tijdvak AS (
    SELECT
        wet
        , dag AS van_dag
        , LEAD(dag) OVER (PARTITION BY wet ORDER BY dag) AS volgende_dag
    FROM begin
)

, altijd AS (
    SELECT
        wet
        , code
    FROM verkeer.productcode_periode
    WHERE
        van_dag = CAST('0001-01-01' AS DATE)
        AND tot_dag = CAST('9999-12-31' AS DATE)
)

-- before the first day of a list no code of it is national: those days have no tijdvak
SELECT
    regel.bericht_nr
    , regel.wet
    , regel.product_categorie
    , regel.product_code
    , tijdvak.van_dag AS tijdvak_dag
    , regel.oordeel
    , COUNT(*) AS aantal
FROM gevallen AS regel
LEFT JOIN tijdvak
    ON
        regel.wet = tijdvak.wet
        AND regel.oordeel_dag >= tijdvak.van_dag
        AND (tijdvak.volgende_dag IS NULL OR regel.oordeel_dag < tijdvak.volgende_dag)
LEFT JOIN altijd
    ON
        regel.wet = altijd.wet
        AND regel.product_code = altijd.code
WHERE
    regel.product_code IS NOT NULL
    AND altijd.code IS NULL
GROUP BY
    regel.bericht_nr
    , regel.wet
    , regel.product_categorie
    , regel.product_code
    , tijdvak.van_dag
    , regel.oordeel
