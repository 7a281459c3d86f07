-- One row per case of a share; a case with several values in a dimension of its own has a row per value, numbered in volgnr.
-- Reads `gevallen`: the cases as the KPI's own SQL gives them. x_kolom stands for each column of its own.
SELECT
    gevallen.geval_id
    , gevallen.volgnr
    , gevallen.wet
    , gevallen.gemeente
    , gevallen.aanbieder
    , gemeente.jeugdregio
    , SUBSTR(CAST(gevallen.start_dag AS VARCHAR), 1, 7) AS maand
    , gevallen.release
    , gevallen.berichttype
    , gevallen.referentie
    , gevallen.start_dag
    , CASE WHEN gevallen.reden_telt_niet IS NULL THEN gevallen.uitkomst END AS uitkomst
    , gevallen.x_kolom
    , gevallen.centen
    , gevallen.reden_telt_niet
    , gevallen.start_bericht_id
    , gevallen.antwoord_bericht_id
FROM gevallen
LEFT JOIN verkeer.gemeente AS gemeente ON gevallen.gemeente = gemeente.gemeente
