-- One row per case and time norm that waits for an answer of the party that asks.
-- Reads `open_geval` and `vraag` (one row: vandaag, and which kind of partij).
SELECT
    geval.uiterste_dag
    , uiterste.werkdag_nr - nu.werkdag_nr AS werkdagen_over
    , geval.kpi
    , geval.regelcode
    , geval.wet
    , geval.gemeente
    , geval.aanbieder
    , geval.berichttype
    , geval.referentie
    , geval.start_dag
    , geval.toestand
    , CAST(geval.start_bericht_id AS VARCHAR) AS start_bericht_id
    , geval.geval_id
FROM open_geval AS geval
INNER JOIN verkeer.kalender AS uiterste ON geval.uiterste_dag = uiterste.dag
CROSS JOIN vraag
INNER JOIN verkeer.kalender AS nu ON vraag.vandaag = nu.dag
WHERE geval.aan_zet = vraag.partij
ORDER BY
    geval.uiterste_dag
    , geval.start_dag
    , geval.kpi
    , geval.wet
    , geval.gemeente
    , geval.aanbieder
    , geval.geval_id
