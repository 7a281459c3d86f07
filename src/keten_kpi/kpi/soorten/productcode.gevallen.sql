-- One row per product line, with the dimensions that follow from its message.
-- Reads `gevallen`: the lines as the KPI's own SQL gives them.
SELECT
    gevallen.geval_id
    , gevallen.bericht_nr
    , gevallen.bericht_id
    , gevallen.wet
    , gevallen.gemeente
    , gevallen.aanbieder
    , gemeente.jeugdregio
    , SUBSTR(CAST(gevallen.dagtekening AS VARCHAR), 1, 7) AS maand
    , gevallen.release
    , gevallen.berichttype
    , gevallen.dagtekening AS start_dag
    , gevallen.toewijzing_nummer
    , gevallen.product_categorie
    , gevallen.product_code
    , gevallen.oordeel_dag
    , gevallen.oordeel
    , gevallen.reden_afwijking
    , gevallen.is_andere_categorie
    , gevallen.lijsten
    , gevallen.reden_telt_niet
FROM gevallen
LEFT JOIN verkeer.gemeente AS gemeente ON gevallen.gemeente = gemeente.gemeente
