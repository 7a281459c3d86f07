-- One row per heenbericht and RetourCode by which one of its retouren refuses it: any code but those that are known not to refuse.
-- The key is that of the heenbericht: a retour repeats its header. volgnr numbers the codes of one heenbericht.
SELECT
    retour.hoort_bij AS berichttype
    , retour.gemeente
    , retour.aanbieder
    , retour.identificatie
    , regel.code AS retourcode
    , STRING_AGG(DISTINCT regel.niveau, ', ' ORDER BY regel.niveau) AS niveau
    , ROW_NUMBER() OVER (
        PARTITION BY retour.hoort_bij, retour.gemeente, retour.aanbieder, retour.identificatie
        ORDER BY regel.code
    ) AS volgnr
FROM bron.retourcode AS regel
INNER JOIN verkeer.telbaar_bericht AS retour ON regel.bericht_nr = retour.bericht_nr
LEFT JOIN verkeer.retourcode AS onschuldig
    ON
        regel.code = onschuldig.code
        AND retour.wet = onschuldig.wet
        AND NOT onschuldig.is_weigering
WHERE
    retour.richting = 'retour'
    AND onschuldig.code IS NULL
GROUP BY retour.hoort_bij, retour.gemeente, retour.aanbieder, retour.identificatie, regel.code
