-- One row per StartProduct of a 305 and StopProduct of a 307; only of messages that count.
-- melding is start or stop. sleutel_reden is RedenBeeindiging where it is part of the key of the line: of a stop, in releases that say so.
SELECT
    'start' AS melding
    , bericht_nr
    , bericht_id
    , regel_nr
    , wet
    , gemeente
    , aanbieder
    , berichttype
    , release
    , dagtekening
    , is_afgekeurd
    , client_sleutel
    , toewijzing_nummer
    , product_categorie
    , product_code
    , begindatum
    , CAST(NULL AS DATE) AS einddatum
    , CAST(NULL AS VARCHAR) AS reden_beeindiging
    , CAST(NULL AS VARCHAR) AS sleutel_reden
    , status_aanlevering
FROM verkeer.start_product
UNION ALL
SELECT
    'stop' AS melding
    , regel.bericht_nr
    , regel.bericht_id
    , regel.regel_nr
    , regel.wet
    , regel.gemeente
    , regel.aanbieder
    , regel.berichttype
    , regel.release
    , regel.dagtekening
    , regel.is_afgekeurd
    , regel.client_sleutel
    , regel.toewijzing_nummer
    , regel.product_categorie
    , regel.product_code
    , regel.begindatum
    , regel.einddatum
    , regel.reden_beeindiging
    , CASE WHEN release.reden_in_stopsleutel THEN regel.reden_beeindiging END AS sleutel_reden
    , regel.status_aanlevering
FROM verkeer.stop_product AS regel
LEFT JOIN verkeer.release AS release ON regel.release = release.release
