-- One row per message whose own cases may be other ones now: with those that changed also the declaraties that they answer.
WITH beantwoord AS (
    SELECT DISTINCT
        gemeente
        , aanbieder
        , declaratie_identificatie
    FROM temp.geraakt_zending
    WHERE declaratie_identificatie IS NOT NULL
)

, kandidaat AS (
    SELECT sleutel.bericht_nr
    FROM temp.stand_zending AS sleutel
    WHERE
        sleutel.sleutel_hash IN (
            SELECT HASH(beantwoord.gemeente, beantwoord.aanbieder, beantwoord.declaratie_identificatie)
            FROM beantwoord
        )
)

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
    declaratie.bericht_nr IN (SELECT kandidaat.bericht_nr FROM kandidaat)
    AND (declaratie.gemeente, declaratie.aanbieder, declaratie.identificatie) IN (
        SELECT (beantwoord.gemeente, beantwoord.aanbieder, beantwoord.declaratie_identificatie)
        FROM beantwoord
    )
