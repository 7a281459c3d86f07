-- One row per heenbericht that a retour refuses by any code but those known not to refuse (OP286), with the day of the first that does.
-- A retour repeats the header of its heenbericht. Rests on no peildatum: before weigering_dag the heenbericht was not refused yet.
WITH weigerend AS (
    SELECT code.bericht_nr
    FROM bron.retourcode AS code
    INNER JOIN verkeer.verzending AS drager ON code.bericht_nr = drager.bericht_nr
    LEFT JOIN verkeer.retourcode AS onschuldig
        ON
            code.code = onschuldig.code
            AND drager.wet = onschuldig.wet
            AND NOT onschuldig.is_weigering
    WHERE onschuldig.code IS NULL
)

, eerste AS (
    SELECT
        retour.hoort_bij AS berichttype
        , retour.gemeente
        , retour.aanbieder
        , retour.identificatie
        , MIN(retour.verzend_dag) AS weigering_dag
    FROM verkeer.verzending AS retour
    LEFT JOIN verkeer.conflict AS conflict ON retour.bericht_nr = conflict.bericht_nr
    WHERE
        retour.richting = 'retour'
        AND conflict.bericht_nr IS NULL
        AND retour.bericht_nr IN (SELECT weigerend.bericht_nr FROM weigerend)
    GROUP BY retour.hoort_bij, retour.gemeente, retour.aanbieder, retour.identificatie
)

SELECT
    heen.bericht_nr
    , eerste.weigering_dag
FROM verkeer.verzending AS heen
INNER JOIN eerste
    ON
        heen.berichttype = eerste.berichttype
        AND heen.gemeente = eerste.gemeente
        AND heen.aanbieder = eerste.aanbieder
        AND heen.identificatie = eerste.identificatie
