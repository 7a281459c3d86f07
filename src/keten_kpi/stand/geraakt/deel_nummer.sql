-- One row per gemeente and toewijzing_nummer of which all 301 lines have a say.
SELECT
    gemeente
    , toewijzing_nummer
FROM temp.deel_toewijzingsregel
WHERE toewijzing_nummer IS NOT NULL
UNION
SELECT
    gemeente
    , toewijzing_nummer
FROM temp.geraakt_nummer
UNION
SELECT
    gemeente
    , toewijzing_nummer
FROM temp.geraakt_melding
WHERE toewijzing_nummer IS NOT NULL
