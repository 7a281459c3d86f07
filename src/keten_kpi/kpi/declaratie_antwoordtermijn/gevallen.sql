-- One row per 323 or 303, with the 325 or 304 that answers it first.
SELECT
    CAST(declaratie.bericht_id AS VARCHAR) AS geval_id
    , declaratie.wet
    , declaratie.gemeente
    , declaratie.aanbieder
    , declaratie.release
    , declaratie.berichttype
    , declaratie.identificatie AS referentie
    , declaratie.dagtekening AS start_dag
    , antwoord.verzend_dag AS antwoord_dag
    , CASE WHEN antwoord.bericht_id IS NOT NULL THEN 'identificatie' END AS koppeling
    , declaratie.bericht_id AS start_bericht_id
    , antwoord.bericht_id AS antwoord_bericht_id
    , CAST(NULL AS VARCHAR) AS uitzondering
    , CAST(NULL AS VARCHAR) AS reden_telt_niet
FROM verkeer.telbaar_bericht AS declaratie
INNER JOIN verkeer.berichttype AS antwoordtype
    ON
        declaratie.hoort_bij = antwoordtype.berichttype
        AND antwoordtype.richting = 'antwoord'
LEFT JOIN verkeer.antwoord_op_declaratie AS antwoord
    ON
        declaratie.berichttype = antwoord.berichttype
        AND declaratie.gemeente = antwoord.gemeente
        AND declaratie.aanbieder = antwoord.aanbieder
        AND declaratie.identificatie = antwoord.identificatie
