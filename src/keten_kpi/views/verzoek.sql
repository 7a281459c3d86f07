-- One row per AangevraagdProduct of a 315 and per Verzoek of a 317: what a gemeente answers; only of messages that count.
WITH regel AS (
    SELECT
        bericht_nr
        , regel_nr
        , referentie_aanbieder
        , '315' AS soort
    FROM bron.aangevraagd_product
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
        , referentie_aanbieder
        , '317' AS soort
    FROM bron.verzoek_wijziging
)

SELECT
    CAST(bericht.bericht_id AS VARCHAR) || '-' || regel.regel_nr AS geval_id
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
FROM regel
INNER JOIN verkeer.bericht AS bericht
    ON
        regel.bericht_nr = bericht.bericht_nr
        AND regel.soort = bericht.soort
WHERE bericht.soort IN ('315', '317')
