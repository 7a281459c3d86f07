-- One row per StartProduct delivered for the first time; the 305 is its own answer.
-- start_bericht_id is the message that holds the day on which the clock starts: the 301 when it is the later one.
SELECT
    CAST(regel.bericht_id AS VARCHAR) || '-' || regel.regel_nr AS geval_id
    , regel.wet
    , regel.gemeente
    , regel.aanbieder
    , regel.release
    , regel.berichttype
    , CAST(regel.toewijzing_nummer AS VARCHAR) AS referentie
    , GREATEST(regel.begindatum, toewijzing.dagtekening) AS start_dag
    , regel.dagtekening AS antwoord_dag
    , CASE WHEN toewijzing.bericht_id IS NOT NULL THEN 'toewijzing' END AS koppeling
    , CASE WHEN toewijzing.dagtekening > regel.begindatum THEN toewijzing.bericht_id ELSE regel.bericht_id END AS start_bericht_id
    , regel.bericht_id AS antwoord_bericht_id
    , CAST(NULL AS VARCHAR) AS uitzondering
    , regel.reden_telt_niet
FROM verkeer.gemelde_regel AS regel
LEFT JOIN verkeer.eerste_toewijzing AS toewijzing
    ON
        regel.wet = toewijzing.wet
        AND regel.gemeente = toewijzing.gemeente
        AND regel.aanbieder = toewijzing.aanbieder
        AND regel.toewijzing_nummer = toewijzing.toewijzing_nummer
WHERE regel.melding = 'start'
