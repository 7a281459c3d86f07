-- One row per case of a time norm that nobody answered yet, as the KPI's own SQL gave it: the rest follows from the day.
-- Reads `bewaard`: such cases as they were kept. They have no uitzondering.
SELECT
    geval_id
    , wet
    , gemeente
    , aanbieder
    , release
    , berichttype
    , referentie
    , start_dag
    , antwoord_dag
    , koppeling
    , start_bericht_id
    , antwoord_bericht_id
    , CAST(NULL AS VARCHAR) AS uitzondering
    , CASE WHEN reden_telt_niet <> 'geen_norm_op_startdag' THEN reden_telt_niet END AS reden_telt_niet
FROM temp.bewaard
