-- One row per heenbericht that a retour must answer, with its first retour.
SELECT
    CAST(heen.bericht_id AS VARCHAR) AS geval_id
    , heen.wet
    , heen.gemeente
    , heen.aanbieder
    , heen.release
    , heen.berichttype
    , heen.identificatie AS referentie
    , heen.dagtekening AS start_dag
    , retour.verzend_dag AS antwoord_dag
    , CASE WHEN retour.bericht_id IS NOT NULL THEN 'identificatie' END AS koppeling
    , heen.bericht_id AS start_bericht_id
    , retour.bericht_id AS antwoord_bericht_id
    , CAST(NULL AS VARCHAR) AS uitzondering
    , CAST(NULL AS VARCHAR) AS reden_telt_niet
FROM verkeer.telbaar_bericht AS heen
INNER JOIN verkeer.berichttype AS antwoordtype
    ON
        heen.hoort_bij = antwoordtype.berichttype
        AND antwoordtype.richting = 'retour'
LEFT JOIN verkeer.retour AS retour
    ON
        heen.berichttype = retour.berichttype
        AND heen.gemeente = retour.gemeente
        AND heen.aanbieder = retour.aanbieder
        AND heen.identificatie = retour.identificatie
