-- One row per message sent on or before the peildatum; of messages with one key and other bytes only the first.
SELECT
    verzending.bericht_nr
    , verzending.bericht_id
    , verzending.wet
    , verzending.berichttype
    , verzending.soort
    , verzending.richting
    , verzending.hoort_bij
    , verzending.release
    , verzending.gemeente
    , verzending.aanbieder
    , verzending.identificatie
    , verzending.dagtekening
    , verzending.identificatie_retour
    , verzending.dagtekening_retour
    , verzending.verzend_dag
    , verzending.declaratie_identificatie
    , verzending.declaratie_dagtekening
FROM verkeer.verzending AS verzending
LEFT JOIN verkeer.conflict AS conflict ON verzending.bericht_nr = conflict.bericht_nr
WHERE
    conflict.bericht_nr IS NULL
    AND verzending.verzend_dag <= verkeer.laatste_dag()
