-- One row per ToegewezenProduct of a 301; only of messages that count.
-- A 301 repeats all valid lines of a client.
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
    , regel.toewijzing_nummer
    , regel.referentie_aanbieder
    , regel.product_categorie
    , regel.product_code
    , regel.toewijzingsdatum
    , regel.toewijzingstijd
    , regel.ingangsdatum
    , regel.einddatum
    , regel.reden_wijziging
    , regel.eenheid
FROM bron.toegewezen_product AS regel
INNER JOIN verkeer.bericht AS bericht ON regel.bericht_nr = bericht.bericht_nr
LEFT JOIN verkeer.client AS client ON regel.client_nr = client.client_nr
WHERE bericht.soort = '301'
