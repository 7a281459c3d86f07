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

, client AS (
    SELECT client_nr
    FROM verkeer.client
    WHERE
        client_sleutel IS NULL
        OR client_sleutel IN (SELECT gemeld.client_sleutel FROM gemeld)
)

SELECT
    bericht.bericht_nr
    , bericht.bericht_id
    , regel.regel_nr
    , bericht.gemeente
    , bericht.aanbieder
    , regel.toewijzing_nummer
    , persoon.client_sleutel
FROM regel
INNER JOIN verkeer.verzending AS bericht ON regel.bericht_nr = bericht.bericht_nr
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
    (toewijzing.gemeente IS NOT NULL OR gemeld.gemeente IS NOT NULL)
    AND (
        regel.client_nr IS NULL
        OR regel.client_nr IN (SELECT client.client_nr FROM client)
        OR regel.toewijzing_nummer IN (SELECT nummer.toewijzing_nummer FROM temp.geraakt_toewijzing AS nummer)
    )
