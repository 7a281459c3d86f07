-- One row per DeclaratieAntwoord of a 325, or 304 in release 2.3; only of messages that count.
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
    , regel.totaal_ingediend_centen
    , regel.totaal_toegekend_centen
FROM bron.declaratie_antwoord AS regel
INNER JOIN verkeer.telbaar_bericht AS bericht ON regel.bericht_nr = bericht.bericht_nr
WHERE bericht.richting = 'antwoord'
