-- One row per wet, code and period in which the code is national, whatever the list; periods of one code do not overlap or touch.
-- Open ends are the first and last day that a message can hold, so that a day is compared with them as it is.
WITH periode AS (
    SELECT
        wet
        , code
        , coalesce(geldig_van, CAST('0001-01-01' AS DATE)) AS van_dag
        , coalesce(geldig_tot, CAST('9999-12-31' AS DATE)) AS tot_dag
    FROM keten.productcode_geldig
)

, gevolgd AS (
    SELECT
        wet
        , code
        , van_dag
        , tot_dag
        , max(tot_dag) OVER (
            PARTITION BY wet, code
            ORDER BY van_dag, tot_dag
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS eerder_tot_dag
    FROM periode
    WHERE van_dag <= tot_dag
)

, eiland AS (
    SELECT
        wet
        , code
        , van_dag
        , tot_dag
        , count(*) FILTER (WHERE eerder_tot_dag IS NULL OR van_dag > eerder_tot_dag) OVER (
            PARTITION BY wet, code
            ORDER BY van_dag, tot_dag
            ROWS UNBOUNDED PRECEDING
        ) AS eiland_nr
    FROM gevolgd
)

SELECT
    wet
    , code
    , min(van_dag) AS van_dag
    , max(tot_dag) AS tot_dag
FROM eiland
GROUP BY wet, code, eiland_nr
