-- One row per StopProduct of a 307; only of messages that count.
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
    , regel.product_categorie
    , regel.product_code
    , regel.toewijzing_ingangsdatum
    , regel.begindatum
    , regel.einddatum
    , regel.reden_beeindiging
    , regel.status_aanlevering
FROM bron.stop_product AS regel
INNER JOIN verkeer.bericht AS bericht ON regel.bericht_nr = bericht.bericht_nr
LEFT JOIN verkeer.client AS client ON regel.client_nr = client.client_nr
WHERE bericht.soort = '307'
