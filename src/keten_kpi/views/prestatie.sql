-- One row per Prestatie of a 323 or 303; only of messages that count.
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
    , client.client_id
    , client.client_sleutel
    , regel.referentie_nummer
    , regel.vorig_referentie_nummer
    , regel.toewijzing_nummer
    , regel.product_categorie
    , regel.product_code
    , regel.begindatum
    , regel.einddatum
    , regel.geleverd_volume
    , regel.eenheid
    , regel.product_tarief_centen
    , regel.ingediend_centen
FROM bron.prestatie AS regel
INNER JOIN verkeer.telbaar_bericht AS bericht ON regel.bericht_nr = bericht.bericht_nr
LEFT JOIN verkeer.client AS client ON regel.client_nr = client.client_nr
WHERE bericht.richting = 'heen'
