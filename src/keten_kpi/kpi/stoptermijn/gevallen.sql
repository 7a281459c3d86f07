-- One row per StopProduct delivered for the first time; the 307 is its own answer.
WITH stop AS (
    SELECT
        regel.bericht_id
        , regel.regel_nr
        , regel.wet
        , regel.gemeente
        , regel.aanbieder
        , regel.release
        , regel.berichttype
        , regel.dagtekening
        , regel.client_sleutel
        , regel.toewijzing_nummer
        , regel.product_categorie
        , regel.product_code
        , regel.begindatum
        , regel.einddatum
        , regel.reden_telt_niet
        , betekenis.code IS NOT NULL AS is_tijdelijk
    FROM verkeer.gemelde_regel AS regel
    LEFT JOIN verkeer.betekenis AS betekenis
        ON
            regel.reden_beeindiging = betekenis.code
            AND betekenis.betekenis = 'tijdelijk_beeindigd'
    WHERE regel.melding = 'stop'
)

, onderbreking AS (
    SELECT
        wet
        , gemeente
        , aanbieder
        , client_sleutel
        , toewijzing_nummer
        , product_categorie
        , product_code
        , begindatum
        , MIN(dagtekening) AS eerste_dag
    FROM stop
    WHERE
        is_tijdelijk
        AND reden_telt_niet IS NULL
    GROUP BY wet, gemeente, aanbieder, client_sleutel, toewijzing_nummer, product_categorie, product_code, begindatum
)

SELECT
    CAST(stop.bericht_id AS VARCHAR) || '-' || stop.regel_nr AS geval_id
    , stop.wet
    , stop.gemeente
    , stop.aanbieder
    , stop.release
    , stop.berichttype
    , CAST(stop.toewijzing_nummer AS VARCHAR) AS referentie
    , stop.einddatum AS start_dag
    , stop.dagtekening AS antwoord_dag
    , CAST(NULL AS VARCHAR) AS koppeling
    , stop.bericht_id AS start_bericht_id
    , stop.bericht_id AS antwoord_bericht_id
    , CASE WHEN NOT stop.is_tijdelijk AND onderbreking.eerste_dag <= stop.dagtekening THEN 'niet_meetbaar' END AS uitzondering
    , stop.reden_telt_niet
FROM stop
LEFT JOIN onderbreking
    ON
        stop.wet = onderbreking.wet
        AND stop.gemeente = onderbreking.gemeente
        AND stop.aanbieder = onderbreking.aanbieder
        AND stop.begindatum = onderbreking.begindatum
        AND stop.client_sleutel IS NOT DISTINCT FROM onderbreking.client_sleutel
        AND stop.toewijzing_nummer IS NOT DISTINCT FROM onderbreking.toewijzing_nummer
        AND stop.product_categorie IS NOT DISTINCT FROM onderbreking.product_categorie
        AND stop.product_code IS NOT DISTINCT FROM onderbreking.product_code
