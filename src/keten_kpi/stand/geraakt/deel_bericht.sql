-- One row per message that has a say in a case that must be judged.
WITH sleutel AS (
    SELECT DISTINCT
        gemeente
        , aanbieder
        , identificatie
    FROM temp.geraakt_bericht
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
FROM verkeer.verzending AS bericht
WHERE
    (bericht.gemeente, bericht.aanbieder, bericht.identificatie) IN (
        SELECT (sleutel.gemeente, sleutel.aanbieder, sleutel.identificatie)
        FROM sleutel
    )
UNION
SELECT bericht.bericht_nr
FROM verkeer.verzending AS bericht
WHERE
    (bericht.gemeente, bericht.aanbieder, bericht.declaratie_identificatie) IN (
        SELECT (sleutel.gemeente, sleutel.aanbieder, sleutel.identificatie)
        FROM sleutel
    )
UNION
SELECT bericht.bericht_nr
FROM bron.antwoord AS antwoord
INNER JOIN verkeer.verzending AS bericht ON antwoord.bericht_nr = bericht.bericht_nr
INNER JOIN temp.deel_verwijzing AS verwijzing
    ON
        bericht.gemeente = verwijzing.gemeente
        AND bericht.aanbieder = verwijzing.aanbieder
        AND antwoord.referentie_aanbieder = verwijzing.referentie_aanbieder
UNION
SELECT bericht.bericht_nr
FROM bron.toegewezen_product AS regel
INNER JOIN verkeer.verzending AS bericht ON regel.bericht_nr = bericht.bericht_nr
INNER JOIN temp.deel_nummer AS nummer
    ON
        bericht.gemeente = nummer.gemeente
        AND regel.toewijzing_nummer = nummer.toewijzing_nummer
