-- One row per wet, code and period in which the code is national, whatever the list; periods of one code do not overlap.
-- Open ends are the first and last day that a message can hold, so that a day is compared with them as it is.
WITH periode AS (
    SELECT
        wet
        , code
        , COALESCE(geldig_van, CAST('0001-01-01' AS DATE)) AS van_dag
        , COALESCE(geldig_tot, CAST('9999-12-31' AS DATE)) AS tot_dag
    FROM verkeer.productcode_geldig
)

, geordend AS (
    SELECT
        wet
        , code
        , van_dag
        , tot_dag
        , ROW_NUMBER() OVER (ORDER BY van_dag) AS volgorde
    FROM periode
    WHERE van_dag <= tot_dag
)

, gevolgd AS (
    SELECT
        wet
        , code
        , van_dag
        , tot_dag
        , volgorde
        , MAX(tot_dag) OVER (
            PARTITION BY wet, code
            ORDER BY volgorde
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS eerder_tot_dag
    FROM geordend
)

, eiland AS (
    SELECT
        wet
        , code
        , van_dag
        , tot_dag
        , COUNT(*) FILTER (WHERE eerder_tot_dag IS NULL OR van_dag > eerder_tot_dag) OVER (
            PARTITION BY wet, code
            ORDER BY volgorde
        ) AS eiland_nr
    FROM gevolgd
)

SELECT
    wet
    , code
    , MIN(van_dag) AS van_dag
    , MAX(tot_dag) AS tot_dag
FROM eiland
GROUP BY wet, code, eiland_nr
