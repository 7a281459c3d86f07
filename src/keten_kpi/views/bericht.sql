-- One row per message that counts: known by the peildatum, and not a second message under the key of an earlier one.
SELECT
    bericht.bericht_nr
    , bericht.bericht_id
    , bericht.wet
    , bericht.berichttype
    , bericht.soort
    , bericht.richting
    , bericht.release
    , bericht.gemeente
    , bericht.aanbieder
    , bericht.identificatie
    , bericht.dagtekening
    , bericht.identificatie_retour
    , bericht.dagtekening_retour
    , bericht.verzend_dag
    , COALESCE(weigering.weigering_dag <= verkeer.laatste_dag(), FALSE) AS is_afgekeurd
    , bericht.declaratie_identificatie
    , bericht.declaratie_dagtekening
FROM verkeer.telbaar_bericht AS bericht
LEFT JOIN verkeer.weigering AS weigering ON bericht.bericht_nr = weigering.bericht_nr
