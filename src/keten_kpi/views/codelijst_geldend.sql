-- One row per wet and codelijst: its newest vintage.
SELECT
    wet
    , codelijst
    , lijstversie
    , lijst_dag
    , aantal_codes
    , dekking
FROM verkeer.codelijst
QUALIFY ROW_NUMBER() OVER (PARTITION BY wet, codelijst ORDER BY lijstversie DESC) = 1
