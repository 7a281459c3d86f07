-- One row per wet, gemeente and toewijzing_nummer: the version that holds, latest by Toewijzingsdatum and Toewijzingstijd (OP033x1).
-- A version that was sent more than once holds as it was sent last. Lines of a refused 301 are no version.
WITH versie AS (
    SELECT
        bericht.wet
        , bericht.gemeente
        , regel.toewijzing_nummer
        , bericht.aanbieder
        , regel.product_categorie
        , regel.product_code
        , regel.toewijzingsdatum
        , regel.toewijzingstijd
        , regel.ingangsdatum
        , regel.einddatum
        , regel.reden_wijziging
        , bericht.bericht_id
        , MIN(bericht.dagtekening) OVER (PARTITION BY bericht.wet, bericht.gemeente, regel.toewijzing_nummer) AS eerste_dagtekening
    FROM bron.toegewezen_product AS regel
    INNER JOIN verkeer.bericht AS bericht ON regel.bericht_nr = bericht.bericht_nr
    WHERE
        regel.toewijzing_nummer IS NOT NULL
        AND bericht.soort = '301'
        AND NOT bericht.is_afgekeurd
    QUALIFY
        ROW_NUMBER() OVER (
            PARTITION BY bericht.wet, bericht.gemeente, regel.toewijzing_nummer
            ORDER BY
                ROW(
                    regel.toewijzingsdatum
                    , regel.toewijzingstijd
                    , bericht.dagtekening
                    , bericht.bericht_id
                    , regel.regel_nr
                ) DESC
        ) = 1
)

SELECT
    versie.wet
    , versie.gemeente
    , versie.toewijzing_nummer
    , versie.aanbieder
    , versie.product_categorie
    , versie.product_code
    , versie.toewijzingsdatum
    , versie.toewijzingstijd
    , versie.ingangsdatum
    , versie.einddatum
    , versie.reden_wijziging
    , betekenis.betekenis IS NOT NULL AS is_ingetrokken
    , versie.eerste_dagtekening
    , versie.bericht_id
FROM versie
LEFT JOIN verkeer.betekenis AS betekenis
    ON
        versie.reden_wijziging = betekenis.code
        AND betekenis.betekenis = 'toewijzing_verwijderd'
