-- One row per message that has a say in a case that must be judged.
WITH sleutel AS (
    SELECT DISTINCT
        gemeente
        , aanbieder
        , identificatie
    FROM temp.geraakt_bericht
)

, kandidaat AS (
    SELECT bericht.bericht_nr
    FROM temp.stand_zending AS bericht
    WHERE bericht.sleutel_hash IN (SELECT HASH(sleutel.gemeente, sleutel.aanbieder, sleutel.identificatie) FROM sleutel)
    UNION
    SELECT bericht.bericht_nr
    FROM temp.stand_zending AS bericht
    WHERE bericht.declaratie_hash IN (SELECT HASH(sleutel.gemeente, sleutel.aanbieder, sleutel.identificatie) FROM sleutel)
    UNION
    SELECT antwoord.bericht_nr
    FROM bron.antwoord AS antwoord
    WHERE antwoord.referentie_aanbieder IN (SELECT naam.referentie_aanbieder FROM temp.deel_verwijzing AS naam)
    UNION
    SELECT bericht.bericht_nr
    FROM temp.stand_nummer AS bericht
    WHERE bericht.nummer_hash IN (SELECT HASH(nummer.gemeente, nummer.toewijzing_nummer) FROM temp.deel_nummer AS nummer)
)

, gezocht AS (
    SELECT
        bericht.bericht_nr
        , bericht.gemeente
        , bericht.aanbieder
        , bericht.identificatie
        , bericht.declaratie_identificatie
    FROM verkeer.verzending AS bericht
    WHERE bericht.bericht_nr IN (SELECT kandidaat.bericht_nr FROM kandidaat)
)

SELECT bericht_nr
FROM temp.geraakt_verzoek
UNION
SELECT bericht_nr
FROM temp.deel_verzoek
UNION
SELECT bericht_nr
FROM temp.deel_toewijzingsregel
UNION
SELECT bericht_nr
FROM temp.deel_melding
UNION
SELECT bericht_nr
FROM temp.geraakt_melding
UNION
SELECT bericht_nr
FROM temp.deel_prestatie
UNION
SELECT bericht_nr
FROM temp.deel_coderegel
UNION
SELECT bericht.bericht_nr
FROM gezocht AS bericht
WHERE
    (bericht.gemeente, bericht.aanbieder, bericht.identificatie) IN (
        SELECT (sleutel.gemeente, sleutel.aanbieder, sleutel.identificatie)
        FROM sleutel
    )
UNION
SELECT bericht.bericht_nr
FROM gezocht AS bericht
WHERE
    (bericht.gemeente, bericht.aanbieder, bericht.declaratie_identificatie) IN (
        SELECT (sleutel.gemeente, sleutel.aanbieder, sleutel.identificatie)
        FROM sleutel
    )
UNION
SELECT bericht.bericht_nr
FROM bron.antwoord AS antwoord
INNER JOIN gezocht AS bericht ON antwoord.bericht_nr = bericht.bericht_nr
INNER JOIN temp.deel_verwijzing AS verwijzing
    ON
        bericht.gemeente = verwijzing.gemeente
        AND bericht.aanbieder = verwijzing.aanbieder
        AND antwoord.referentie_aanbieder = verwijzing.referentie_aanbieder
UNION
SELECT bericht.bericht_nr
FROM bron.toegewezen_product AS regel
INNER JOIN gezocht AS bericht ON regel.bericht_nr = bericht.bericht_nr
INNER JOIN temp.deel_nummer AS nummer
    ON
        bericht.gemeente = nummer.gemeente
        AND regel.toewijzing_nummer = nummer.toewijzing_nummer
