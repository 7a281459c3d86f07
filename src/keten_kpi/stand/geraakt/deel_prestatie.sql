-- One row per Prestatie that has a say: of a declaratie that must be judged, or that nobody answered, or whose code must be judged.
WITH open_declaratie AS (
    SELECT bericht.bericht_nr
    FROM verkeer.verzending AS bericht
    WHERE
        bericht.bericht_id IN (
            SELECT geval.start_bericht_id
            FROM temp.stand_declaratie_antwoordtermijn AS geval
            WHERE geval.antwoord_dag IS NULL
        )
)

SELECT
    regel.bericht_nr
    , regel.regel_nr
FROM bron.prestatie AS regel
WHERE regel.bericht_nr IN (SELECT bericht.bericht_nr FROM temp.geraakt_bericht AS bericht)
UNION
SELECT
    bericht_nr
    , regel_nr
FROM temp.geraakt_productregel
UNION
SELECT
    bericht_nr
    , regel_nr
FROM temp.deel_coderegel
UNION
SELECT
    regel.bericht_nr
    , regel.regel_nr
FROM bron.prestatie AS regel
WHERE
    regel.bericht_nr IN (SELECT open_declaratie.bericht_nr FROM open_declaratie)
    AND regel.toewijzing_nummer IN (SELECT nummer.toewijzing_nummer FROM temp.geraakt_nummer AS nummer)
