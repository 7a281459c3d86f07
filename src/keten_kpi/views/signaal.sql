-- One row per message that does not count, with why: kept visible.
SELECT
    'conflict' AS signaal
    , verzending.bericht_id
    , verzending.wet
    , verzending.berichttype
    , verzending.gemeente
    , verzending.aanbieder
    , verzending.verzend_dag
    , conflict.geldend_bericht_id
FROM verkeer.verzending AS verzending
INNER JOIN verkeer.conflict AS conflict ON verzending.bericht_nr = conflict.bericht_nr
UNION ALL
SELECT
    'datum_in_toekomst' AS signaal
    , verzending.bericht_id
    , verzending.wet
    , verzending.berichttype
    , verzending.gemeente
    , verzending.aanbieder
    , verzending.verzend_dag
    , CAST(NULL AS UUID) AS geldend_bericht_id
FROM verkeer.verzending AS verzending
WHERE verzending.verzend_dag > (SELECT stand.vandaag_dag FROM verkeer.peildatum AS stand)
