-- One row per 323 or 303; the declaratie is its own answer.
SELECT
    CAST(bericht_id AS VARCHAR) || '-' || regel_nr AS geval_id
    , wet
    , gemeente
    , aanbieder
    , release
    , berichttype
    , declaratie_nummer AS referentie
    , periode_einddatum AS start_dag
    , dagtekening AS antwoord_dag
    , CAST(NULL AS VARCHAR) AS koppeling
    , bericht_id AS start_bericht_id
    , bericht_id AS antwoord_bericht_id
    , CAST(NULL AS VARCHAR) AS uitzondering
    , CAST(NULL AS VARCHAR) AS reden_telt_niet
FROM verkeer.declaratie
