-- One row per case of a toewijzing that may be another one now.
WITH op_nummer AS (
    SELECT zending.bericht_nr
    FROM temp.stand_nummer AS zending
    WHERE zending.nummer_hash IN (SELECT HASH(nummer.gemeente, nummer.toewijzing_nummer) FROM temp.geraakt_nummer AS nummer)
)

, regel AS (
    SELECT
        bericht_nr
        , toewijzing_nummer
    FROM bron.toegewezen_product
    WHERE bericht_nr IN (SELECT op_nummer.bericht_nr FROM op_nummer)
)

, bericht AS (
    SELECT
        zending.bericht_nr
        , zending.wet
        , zending.gemeente
        , zending.aanbieder
    FROM verkeer.verzending AS zending
    WHERE zending.bericht_nr IN (SELECT regel.bericht_nr FROM regel)
)

SELECT DISTINCT bericht.wet || '-' || bericht.gemeente || '-' || bericht.aanbieder || '-' || regel.toewijzing_nummer AS geval_id
FROM regel
INNER JOIN bericht ON regel.bericht_nr = bericht.bericht_nr
INNER JOIN temp.geraakt_nummer AS nummer
    ON
        bericht.gemeente = nummer.gemeente
        AND regel.toewijzing_nummer = nummer.toewijzing_nummer
