-- One row per heenbericht that a retour refuses: by any code but those that are known not to refuse (OP286).
-- The key is that of the heenbericht: a retour repeats its header.
WITH weigerend AS (
    SELECT code.bericht_nr
    FROM bron.retourcode AS code
    INNER JOIN bron.bericht AS drager ON code.bericht_nr = drager.bericht_nr
    LEFT JOIN verkeer.retourcode AS onschuldig
        ON
            code.code = onschuldig.code
            AND drager.wet = onschuldig.wet
            AND NOT onschuldig.is_weigering
    WHERE onschuldig.code IS NULL
)

SELECT DISTINCT
    retour.hoort_bij AS berichttype
    , retour.gemeente
    , retour.aanbieder
    , retour.identificatie
FROM verkeer.telbaar_bericht AS retour
WHERE
    retour.richting = 'retour'
    AND retour.bericht_nr IN (SELECT weigerend.bericht_nr FROM weigerend)
