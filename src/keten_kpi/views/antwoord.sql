-- One row per Antwoord of a 319; only of messages that count.
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
    , bericht.is_afgekeurd
    , regel.referentie_aanbieder
    , regel.verzoek_antwoord
    , regel.reden_afwijzing_verzoek
    , regel.woonplaatsbeginsel_gemeente
FROM bron.antwoord AS regel
INNER JOIN verkeer.bericht AS bericht ON regel.bericht_nr = bericht.bericht_nr
WHERE bericht.soort = '319'
