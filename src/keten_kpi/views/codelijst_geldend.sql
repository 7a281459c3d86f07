-- One row per wet and codelijst: its newest vintage.
SELECT
    wet
    , codelijst
    , lijstversie
    , lijst_dag
    , aantal_codes
    , dekking
FROM keten.codelijst
QUALIFY row_number() OVER (PARTITION BY wet, codelijst ORDER BY lijst_dag DESC, lijstversie DESC) = 1
