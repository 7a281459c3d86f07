-- One row per toewijzing whose version that holds is a withdrawal (RedenWijziging verwijderd): as if never sent.
-- Only the rare toewijzingen that ever had one are looked at: the whole table needs no window.
WITH intrekking AS (
    SELECT DISTINCT
        regel.wet
        , regel.gemeente
        , regel.toewijzing_nummer
    FROM keten.toegewezen_product AS regel
    INNER JOIN keten.betekenis AS betekenis
        ON
            regel.reden_wijziging = betekenis.code
            AND betekenis.lijst = 'RedenWijziging'
            AND betekenis.betekenis = 'verwijderd'
    WHERE NOT regel.is_afgekeurd
)

, laatste_versie AS (
    SELECT
        regel.wet
        , regel.gemeente
        , regel.toewijzing_nummer
        , regel.reden_wijziging
    FROM keten.toegewezen_product AS regel
    INNER JOIN intrekking
        ON
            regel.wet = intrekking.wet
            AND regel.gemeente = intrekking.gemeente
            AND regel.toewijzing_nummer = intrekking.toewijzing_nummer
    WHERE NOT regel.is_afgekeurd
    QUALIFY
        row_number() OVER (
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
    versie.wet
    , versie.gemeente
    , versie.toewijzing_nummer
FROM laatste_versie AS versie
INNER JOIN keten.betekenis AS betekenis
    ON
        versie.reden_wijziging = betekenis.code
        AND betekenis.lijst = 'RedenWijziging'
        AND betekenis.betekenis = 'verwijderd'
