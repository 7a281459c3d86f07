-- One row per StartProduct or StopProduct that is delivered for the first time (StatusAanlevering), with why it does not count, if so.
-- A line is withdrawn by a line with the same key (IV008) that is sent later, or on the same day in another message.
WITH intrekking AS (
    SELECT
        regel.melding
        , regel.bericht_nr
        , regel.wet
        , regel.gemeente
        , regel.aanbieder
        , regel.dagtekening
        , regel.client_sleutel
        , regel.toewijzing_nummer
        , regel.product_categorie
        , regel.product_code
        , regel.begindatum
        , regel.einddatum
        , regel.sleutel_reden
    FROM verkeer.regieregel AS regel
    INNER JOIN verkeer.betekenis AS betekenis
        ON
            regel.status_aanlevering = betekenis.code
            AND betekenis.betekenis = 'aanlevering_verwijderd'
    WHERE NOT regel.is_afgekeurd
)

, ingetrokken AS (
    SELECT DISTINCT
        regel.melding
        , regel.bericht_nr
        , regel.regel_nr
    FROM verkeer.regieregel AS regel
    INNER JOIN intrekking
        ON
            regel.melding = intrekking.melding
            AND regel.wet = intrekking.wet
            AND regel.gemeente = intrekking.gemeente
            AND regel.aanbieder = intrekking.aanbieder
            AND regel.begindatum = intrekking.begindatum
            AND regel.einddatum IS NOT DISTINCT FROM intrekking.einddatum
            AND regel.client_sleutel IS NOT DISTINCT FROM intrekking.client_sleutel
            AND regel.toewijzing_nummer IS NOT DISTINCT FROM intrekking.toewijzing_nummer
            AND regel.product_categorie IS NOT DISTINCT FROM intrekking.product_categorie
            AND regel.product_code IS NOT DISTINCT FROM intrekking.product_code
            AND regel.dagtekening <= intrekking.dagtekening
            AND regel.bericht_nr <> intrekking.bericht_nr
            AND (intrekking.sleutel_reden IS NULL OR regel.reden_beeindiging = intrekking.sleutel_reden)
)

SELECT
    regel.melding
    , regel.bericht_nr
    , regel.bericht_id
    , regel.regel_nr
    , regel.wet
    , regel.gemeente
    , regel.aanbieder
    , regel.berichttype
    , regel.release
    , regel.dagtekening
    , regel.client_sleutel
    , regel.toewijzing_nummer
    , regel.product_categorie
    , regel.product_code
    , regel.begindatum
    , regel.einddatum
    , regel.reden_beeindiging
    , CASE
        WHEN regel.is_afgekeurd THEN 'bericht_afgekeurd'
        WHEN ingetrokken.bericht_nr IS NOT NULL THEN 'ingetrokken'
    END AS reden_telt_niet
FROM verkeer.regieregel AS regel
INNER JOIN verkeer.betekenis AS betekenis
    ON
        regel.status_aanlevering = betekenis.code
        AND betekenis.betekenis = 'eerste_aanlevering'
LEFT JOIN ingetrokken
    ON
        regel.melding = ingetrokken.melding
        AND regel.bericht_nr = ingetrokken.bericht_nr
        AND regel.regel_nr = ingetrokken.regel_nr
