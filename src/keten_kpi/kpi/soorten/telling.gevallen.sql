-- One row per message, with the dimensions that follow from it.
-- Reads `gevallen`: the messages as the KPI's own SQL gives them. x_kolom stands for each column of its own.
SELECT
    gevallen.geval_id
    , gevallen.bericht_id
    , gevallen.wet
    , gevallen.gemeente
    , gevallen.aanbieder
    , gemeente.jeugdregio
    , SUBSTR(CAST(gevallen.start_dag AS VARCHAR), 1, 7) AS maand
    , gevallen.release
    , gevallen.berichttype
    , gevallen.x_kolom
    , gevallen.referentie
    , gevallen.start_dag
    , gevallen.verzender
    , gevallen.reden_telt_niet
FROM gevallen
LEFT JOIN verkeer.gemeente AS gemeente ON gevallen.gemeente = gemeente.gemeente
