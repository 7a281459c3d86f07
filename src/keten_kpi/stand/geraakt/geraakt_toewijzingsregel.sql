-- One row per 301 line of a toewijzing of which a line changed: with its version, what it answers may change.
SELECT
    regel.bericht_nr
    , bericht.gemeente
    , bericht.aanbieder
    , regel.toewijzing_nummer
    , regel.client_nr
    , regel.referentie_aanbieder
    , betekenis.code IS NOT NULL AS is_verwijdering
FROM bron.toegewezen_product AS regel
INNER JOIN verkeer.verzending AS bericht ON regel.bericht_nr = bericht.bericht_nr
LEFT JOIN verkeer.betekenis AS betekenis
    ON
        regel.reden_wijziging = betekenis.code
        AND betekenis.betekenis = 'toewijzing_verwijderd'
WHERE
    regel.toewijzing_nummer IN (SELECT nummer.toewijzing_nummer FROM temp.geraakt_toewijzing AS nummer)
    AND (bericht.gemeente, regel.toewijzing_nummer) IN (
        SELECT (toewijzing.gemeente, toewijzing.toewijzing_nummer)
        FROM temp.geraakt_toewijzing AS toewijzing
    )
