-- One row per 301 line of a toewijzing of which a line changed: with its version, what it answers may change.
WITH op_nummer AS (
    SELECT zending.bericht_nr
    FROM temp.stand_nummer AS zending
    WHERE zending.nummer_hash IN (SELECT HASH(nummer.gemeente, nummer.toewijzing_nummer) FROM temp.geraakt_toewijzing AS nummer)
)

, regel AS (
    SELECT
        bericht_nr
        , toewijzing_nummer
        , client_nr
        , referentie_aanbieder
        , reden_wijziging
    FROM bron.toegewezen_product
    WHERE bericht_nr IN (SELECT op_nummer.bericht_nr FROM op_nummer)
)

, bericht AS (
    SELECT
        zending.bericht_nr
        , zending.gemeente
        , zending.aanbieder
    FROM verkeer.verzending AS zending
    WHERE zending.bericht_nr IN (SELECT regel.bericht_nr FROM regel)
)

SELECT
    regel.bericht_nr
    , bericht.gemeente
    , bericht.aanbieder
    , regel.toewijzing_nummer
    , regel.client_nr
    , regel.referentie_aanbieder
    , betekenis.code IS NOT NULL AS is_verwijdering
FROM regel
INNER JOIN bericht ON regel.bericht_nr = bericht.bericht_nr
LEFT JOIN verkeer.betekenis AS betekenis
    ON
        regel.reden_wijziging = betekenis.code
        AND betekenis.betekenis = 'toewijzing_verwijderd'
WHERE
    (bericht.gemeente, regel.toewijzing_nummer) IN (
        SELECT (toewijzing.gemeente, toewijzing.toewijzing_nummer)
        FROM temp.geraakt_toewijzing AS toewijzing
    )
