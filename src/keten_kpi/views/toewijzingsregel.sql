-- One row per ToegewezenProduct that stands: its 301 is not refused and its toewijzing not withdrawn; only of messages that count.
-- Names no client but by number: who needs one joins verkeer.client, for the rows that it is needed of.
SELECT
    bericht.bericht_nr
    , bericht.bericht_id
    , regel.regel_nr
    , regel.client_nr
    , bericht.wet
    , bericht.gemeente
    , bericht.aanbieder
    , bericht.berichttype
    , bericht.release
    , bericht.dagtekening
    , regel.toewijzing_nummer
    , regel.referentie_aanbieder
    , regel.product_categorie
    , regel.product_code
    , regel.toewijzingsdatum
    , regel.toewijzingstijd
    , regel.ingangsdatum
FROM bron.toegewezen_product AS regel
INNER JOIN verkeer.bericht AS bericht ON regel.bericht_nr = bericht.bericht_nr
LEFT JOIN verkeer.ingetrokken_toewijzing AS ingetrokken
    ON
        bericht.wet = ingetrokken.wet
        AND bericht.gemeente = ingetrokken.gemeente
        AND regel.toewijzing_nummer = ingetrokken.toewijzing_nummer
WHERE
    bericht.soort = '301'
    AND NOT bericht.is_afgekeurd
    AND ingetrokken.toewijzing_nummer IS NULL
