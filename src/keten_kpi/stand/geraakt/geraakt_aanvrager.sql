-- One row per gemeente, aanbieder and client of whom a line or request changed: which line answers which of their requests may change.
WITH regel AS (
    SELECT
        zending.gemeente
        , zending.aanbieder
        , regel.client_nr
    FROM bron.toegewezen_product AS regel
    INNER JOIN temp.geraakt_zending AS zending ON regel.bericht_nr = zending.bericht_nr
    UNION
    SELECT
        zending.gemeente
        , zending.aanbieder
        , regel.client_nr
    FROM bron.aangevraagd_product AS regel
    INNER JOIN temp.geraakt_zending AS zending ON regel.bericht_nr = zending.bericht_nr
    UNION
    SELECT
        gemeente
        , aanbieder
        , client_nr
    FROM temp.geraakt_toewijzingsregel
    UNION
    SELECT
        bericht.gemeente
        , bericht.aanbieder
        , verzoek.client_nr
    FROM bron.aangevraagd_product AS verzoek
    INNER JOIN verkeer.verzending AS bericht ON verzoek.bericht_nr = bericht.bericht_nr
    WHERE
        verzoek.referentie_aanbieder IN (SELECT naam.referentie_aanbieder FROM temp.geraakt_verwijzing AS naam)
        AND (bericht.gemeente, bericht.aanbieder, verzoek.referentie_aanbieder) IN (
            SELECT (verwijzing.gemeente, verwijzing.aanbieder, verwijzing.referentie_aanbieder)
            FROM temp.geraakt_verwijzing AS verwijzing
        )
)

SELECT DISTINCT
    regel.gemeente
    , regel.aanbieder
    , persoon.client_sleutel
FROM regel
LEFT JOIN verkeer.client AS persoon ON regel.client_nr = persoon.client_nr
