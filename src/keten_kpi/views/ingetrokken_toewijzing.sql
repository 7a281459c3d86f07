-- One row per toewijzing whose version that holds is a withdrawal (RedenWijziging verwijderd): as if never sent.
-- Only the rare numbers that ever had one are looked at, found before anything is joined: the whole table needs no window.
WITH verwijdering AS (
    SELECT
        regel.toewijzing_nummer
        , regel.reden_wijziging
    FROM bron.toegewezen_product AS regel
    INNER JOIN verkeer.betekenis AS betekenis
        ON
            regel.reden_wijziging = betekenis.code
            AND betekenis.betekenis = 'toewijzing_verwijderd'
)

, laatste_versie AS (
    SELECT
        bericht.wet
        , bericht.gemeente
        , regel.toewijzing_nummer
        , regel.reden_wijziging
    FROM bron.toegewezen_product AS regel
    INNER JOIN verkeer.bericht AS bericht ON regel.bericht_nr = bericht.bericht_nr
    WHERE
        bericht.soort = '301'
        AND NOT bericht.is_afgekeurd
        AND regel.toewijzing_nummer IN (SELECT verwijdering.toewijzing_nummer FROM verwijdering)
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
    wet
    , gemeente
    , toewijzing_nummer
FROM laatste_versie
WHERE reden_wijziging IN (SELECT verwijdering.reden_wijziging FROM verwijdering)
