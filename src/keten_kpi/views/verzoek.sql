-- One row per AangevraagdProduct of a 315 and per Verzoek of a 317: what a gemeente answers; only of messages that count.
SELECT
    CAST(bericht_id AS VARCHAR) || '-' || regel_nr AS geval_id
    , bericht_id
    , regel_nr
    , wet
    , gemeente
    , aanbieder
    , berichttype
    , release
    , dagtekening
    , is_afgekeurd
    , referentie_aanbieder
FROM verkeer.aangevraagd_product
UNION ALL
SELECT
    CAST(bericht_id AS VARCHAR) || '-' || regel_nr AS geval_id
    , bericht_id
    , regel_nr
    , wet
    , gemeente
    , aanbieder
    , berichttype
    , release
    , dagtekening
    , is_afgekeurd
    , referentie_aanbieder
FROM verkeer.verzoek_wijziging
