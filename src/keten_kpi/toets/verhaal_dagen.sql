-- One row per day from the start of one case up to its last day.
-- Reads `vraag` (one row: eerste_dag and laatste_dag).
SELECT
    kalender.dag
    , kalender.is_werkdag
    , kalender.werkdag_nr
    , kalender.feestdag
FROM verkeer.kalender AS kalender
INNER JOIN vraag ON kalender.dag BETWEEN vraag.eerste_dag AND vraag.laatste_dag
ORDER BY kalender.dag
