-- One row per 323, or 303 in release 2.3; only of messages that count.
SELECT
    bericht.bericht_nr
    , bericht.bericht_id
    , regel.regel_nr
    , bericht.wet
    , bericht.gemeente
    , bericht.aanbieder
    , bericht.berichttype
    , bericht.release
    , bericht.dagtekening
    , regel.declaratie_nummer
    , regel.periode_begindatum
    , regel.periode_einddatum
    , regel.declaratie_dagtekening
    , regel.totaal_ingediend_centen
FROM bron.declaratie AS regel
INNER JOIN verkeer.telbaar_bericht AS bericht ON regel.bericht_nr = bericht.bericht_nr
WHERE bericht.richting = 'heen'
