-- One row per StartProduct delivered for the first time, with the first 301 of its toewijzing.
SELECT
    CAST(regel.bericht_id AS VARCHAR) || '-' || regel.regel_nr AS geval_id
    , 1 AS volgnr
    , regel.wet
    , regel.gemeente
    , regel.aanbieder
    , regel.release
    , regel.berichttype
    , CAST(regel.toewijzing_nummer AS VARCHAR) AS referentie
    , regel.begindatum AS start_dag
    , CASE
        WHEN toewijzing.bericht_id IS NULL THEN 'toewijzing_onbekend'
        WHEN regel.begindatum < toewijzing.dagtekening THEN 'voor_toewijzing'
        ELSE 'vanaf_toewijzing'
    END AS uitkomst
    , CAST(NULL AS BIGINT) AS centen
    , regel.reden_telt_niet
    , regel.bericht_id AS start_bericht_id
    , toewijzing.bericht_id AS antwoord_bericht_id
FROM verkeer.gemelde_regel AS regel
LEFT JOIN verkeer.eerste_toewijzing AS toewijzing
    ON
        regel.wet = toewijzing.wet
        AND regel.gemeente = toewijzing.gemeente
        AND regel.aanbieder = toewijzing.aanbieder
        AND regel.toewijzing_nummer = toewijzing.toewijzing_nummer
WHERE regel.melding = 'start'
