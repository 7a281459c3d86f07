-- One row per gemeente and uiterste dag: for how many cases of `open_geval` the gemeente must act.
SELECT
    gemeente
    , uiterste_dag
    , COUNT(*) AS aantal
FROM open_geval
WHERE aan_zet = 'gemeente'
GROUP BY gemeente, uiterste_dag
