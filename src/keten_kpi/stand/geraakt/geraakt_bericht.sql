-- One row per message whose own cases may be other ones now: with those that changed also the declaraties that they answer.
SELECT
    bericht_nr
    , bericht_id
    , gemeente
    , aanbieder
    , identificatie
FROM temp.geraakt_zending
UNION
SELECT
    declaratie.bericht_nr
    , declaratie.bericht_id
    , declaratie.gemeente
    , declaratie.aanbieder
    , declaratie.identificatie
FROM verkeer.verzending AS declaratie
WHERE
    (declaratie.gemeente, declaratie.aanbieder, declaratie.identificatie) IN (
        SELECT (zending.gemeente, zending.aanbieder, zending.declaratie_identificatie)
        FROM temp.geraakt_zending AS zending
        WHERE zending.declaratie_identificatie IS NOT NULL
    )
