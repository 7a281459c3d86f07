-- One row per Verzoek of a 317; only of messages that count.
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
    , client.client_id
    , client.client_sleutel
    , regel.referentie_aanbieder
    , regel.reden_verzoek
FROM bron.verzoek_wijziging AS regel
INNER JOIN verkeer.bericht AS bericht ON regel.bericht_nr = bericht.bericht_nr
LEFT JOIN verkeer.client AS client ON regel.client_nr = client.client_nr
WHERE bericht.soort = '317'
