-- One row per heenbericht that a retour must answer; one that is refused has a row per RetourCode that refuses it.
SELECT
    CAST(heen.bericht_id AS VARCHAR) AS geval_id
    , COALESCE(weigering.volgnr, 1) AS volgnr
    , heen.wet
    , heen.gemeente
    , heen.aanbieder
    , heen.release
    , heen.berichttype
    , heen.identificatie AS referentie
    , heen.dagtekening AS start_dag
    , CASE
        WHEN weigering.retourcode IS NOT NULL THEN 'afgekeurd'
        WHEN retour.bericht_id IS NOT NULL THEN 'aanvaard'
        ELSE 'onbeantwoord'
    END AS uitkomst
    , weigering.retourcode
    , weigering.niveau
    , CAST(NULL AS BIGINT) AS centen
    , CAST(NULL AS VARCHAR) AS reden_telt_niet
    , heen.bericht_id AS start_bericht_id
    , retour.bericht_id AS antwoord_bericht_id
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
LEFT JOIN verkeer.weigering_code AS weigering
    ON
        heen.berichttype = weigering.berichttype
        AND heen.gemeente = weigering.gemeente
        AND heen.aanbieder = weigering.aanbieder
        AND heen.identificatie = weigering.identificatie
