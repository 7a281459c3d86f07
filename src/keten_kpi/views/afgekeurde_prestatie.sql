-- One row per Prestatie of a 325 (refused ones only) or 304 (all that are repeated, with what was granted); only of messages that count.
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
    , regel.ingediend_centen
    , regel.toegekend_centen
FROM bron.afgekeurde_prestatie AS regel
INNER JOIN verkeer.bericht AS bericht ON regel.bericht_nr = bericht.bericht_nr
LEFT JOIN verkeer.client AS client ON regel.client_nr = client.client_nr
WHERE bericht.richting = 'antwoord'
