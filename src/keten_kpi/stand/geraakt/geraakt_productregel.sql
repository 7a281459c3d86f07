-- One row per line of a 305, 307 or 323 of a toewijzing of which a line changed: the day on which its code is judged may be another.
WITH regel AS (
    SELECT
        bericht_nr
        , regel_nr
        , toewijzing_nummer
    FROM bron.start_product
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
        , toewijzing_nummer
    FROM bron.stop_product
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
        , toewijzing_nummer
    FROM bron.prestatie
)

SELECT
    bericht.bericht_nr
    , bericht.bericht_id
    , regel.regel_nr
FROM regel
INNER JOIN verkeer.verzending AS bericht ON regel.bericht_nr = bericht.bericht_nr
WHERE
    regel.toewijzing_nummer IN (SELECT nummer.toewijzing_nummer FROM temp.geraakt_toewijzing AS nummer)
    AND (bericht.gemeente, regel.toewijzing_nummer) IN (
        SELECT (toewijzing.gemeente, toewijzing.toewijzing_nummer)
        FROM temp.geraakt_toewijzing AS toewijzing
    )
