-- One row per line of a 305 or 307 whose case may be another one now: its client was reported on again, or its toewijzing changed.
WITH regel AS (
    SELECT
        bericht_nr
        , regel_nr
        , client_nr
        , toewijzing_nummer
    FROM bron.start_product
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
        , client_nr
        , toewijzing_nummer
    FROM bron.stop_product
)

, gemeld AS (
    SELECT DISTINCT
        zending.gemeente
        , zending.aanbieder
        , persoon.client_sleutel
    FROM regel
    INNER JOIN temp.geraakt_zending AS zending ON regel.bericht_nr = zending.bericht_nr
    LEFT JOIN verkeer.client AS persoon ON regel.client_nr = persoon.client_nr
)

, op_client AS (
    SELECT zending.bericht_nr
    FROM temp.stand_client AS zending
    WHERE zending.client_hash IN (SELECT HASH(gemeld.gemeente, gemeld.aanbieder, gemeld.client_sleutel) FROM gemeld)
)

, op_nummer AS (
    SELECT zending.bericht_nr
    FROM temp.stand_nummer AS zending
    WHERE zending.nummer_hash IN (SELECT HASH(nummer.gemeente, nummer.toewijzing_nummer) FROM temp.geraakt_toewijzing AS nummer)
)

, gezocht AS (
    SELECT
        regel.bericht_nr
        , regel.regel_nr
        , regel.client_nr
        , regel.toewijzing_nummer
    FROM regel
    WHERE
        regel.bericht_nr IN (SELECT op_client.bericht_nr FROM op_client)
        OR regel.bericht_nr IN (SELECT op_nummer.bericht_nr FROM op_nummer)
)

, bericht AS (
    SELECT
        zending.bericht_nr
        , zending.bericht_id
        , zending.gemeente
        , zending.aanbieder
    FROM verkeer.verzending AS zending
    WHERE zending.bericht_nr IN (SELECT gezocht.bericht_nr FROM gezocht)
)

SELECT
    bericht.bericht_nr
    , bericht.bericht_id
    , regel.regel_nr
    , bericht.gemeente
    , bericht.aanbieder
    , regel.toewijzing_nummer
    , persoon.client_sleutel
FROM gezocht AS regel
INNER JOIN bericht ON regel.bericht_nr = bericht.bericht_nr
LEFT JOIN verkeer.client AS persoon ON regel.client_nr = persoon.client_nr
LEFT JOIN temp.geraakt_toewijzing AS toewijzing
    ON
        bericht.gemeente = toewijzing.gemeente
        AND regel.toewijzing_nummer = toewijzing.toewijzing_nummer
LEFT JOIN gemeld
    ON
        bericht.gemeente = gemeld.gemeente
        AND bericht.aanbieder = gemeld.aanbieder
        AND persoon.client_sleutel IS NOT DISTINCT FROM gemeld.client_sleutel
WHERE
    toewijzing.gemeente IS NOT NULL
    OR gemeld.gemeente IS NOT NULL
