-- One row per toewijzing whose version that holds is a withdrawal (RedenWijziging verwijderd): as if never sent.
-- Only the rare numbers that ever had one are looked at: the whole table needs no window.
WITH regel_met_betekenis AS (
    SELECT
        regel.wet
        , regel.gemeente
        , regel.toewijzing_nummer
        , regel.toewijzingsdatum
        , regel.toewijzingstijd
        , regel.dagtekening
        , regel.bericht_id
        , regel.regel_nr
        , betekenis.code IS NOT NULL AS is_verwijdering
    FROM verkeer.toegewezen_product AS regel
    LEFT JOIN verkeer.betekenis AS betekenis
        ON
            regel.reden_wijziging = betekenis.code
            AND betekenis.betekenis = 'toewijzing_verwijderd'
    WHERE NOT regel.is_afgekeurd
)

, laatste_versie AS (
    SELECT
        regel.wet
        , regel.gemeente
        , regel.toewijzing_nummer
        , regel.is_verwijdering
    FROM regel_met_betekenis AS regel
    WHERE
        regel.toewijzing_nummer IN (
            SELECT verwijderd.toewijzing_nummer
            FROM regel_met_betekenis AS verwijderd
            WHERE verwijderd.is_verwijdering
        )
    QUALIFY
        ROW_NUMBER() OVER (
            PARTITION BY regel.wet, regel.gemeente, regel.toewijzing_nummer
            ORDER BY
                regel.toewijzingsdatum DESC
                , regel.toewijzingstijd DESC
                , regel.dagtekening DESC
                , regel.bericht_id DESC
                , regel.regel_nr DESC
        ) = 1
)

SELECT
    wet
    , gemeente
    , toewijzing_nummer
FROM laatste_versie
WHERE is_verwijdering
