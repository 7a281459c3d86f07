-- One row per toewijzing, with the first message of its chain that is missing by the peildatum.
WITH onbeantwoord AS (
    SELECT start_bericht_id AS bericht_id
    FROM kpi.retourtermijn
    WHERE
        antwoord_dag IS NULL
        AND toestand = 'buiten_norm'
    UNION ALL
    SELECT start_bericht_id AS bericht_id
    FROM kpi.declaratie_antwoordtermijn
    WHERE
        antwoord_dag IS NULL
        AND toestand = 'buiten_norm'
)

-- the messages that name a toewijzing, and whether their answer is missing
, melding AS (
    SELECT
        regel.melding
        , regel.wet
        , regel.gemeente
        , regel.aanbieder
        , regel.toewijzing_nummer
        , onbeantwoord.bericht_id IS NOT NULL AS is_onbeantwoord
    FROM verkeer.gemelde_regel AS regel
    LEFT JOIN onbeantwoord ON regel.bericht_id = onbeantwoord.bericht_id
    WHERE
        regel.melding = 'start'
        AND regel.reden_telt_niet IS NULL
    UNION ALL
    SELECT
        regel.melding
        , regel.wet
        , regel.gemeente
        , regel.aanbieder
        , regel.toewijzing_nummer
        , TRUE AS is_onbeantwoord
    FROM verkeer.regieregel AS regel
    INNER JOIN onbeantwoord ON regel.bericht_id = onbeantwoord.bericht_id
    WHERE regel.melding = 'stop'
    UNION ALL
    SELECT
        'declaratie' AS melding
        , regel.wet
        , regel.gemeente
        , regel.aanbieder
        , regel.toewijzing_nummer
        , TRUE AS is_onbeantwoord
    FROM verkeer.prestatie AS regel
    INNER JOIN onbeantwoord ON regel.bericht_id = onbeantwoord.bericht_id
)

, vervolg AS (
    SELECT
        wet
        , gemeente
        , aanbieder
        , toewijzing_nummer
        , COUNT(*) FILTER (WHERE melding = 'start') AS aantal_starts
        , COUNT(*) FILTER (WHERE melding = 'start' AND NOT is_onbeantwoord) AS aantal_starts_beantwoord
        , COUNT(*) FILTER (WHERE melding = 'stop') AS aantal_stops_onbeantwoord
        , COUNT(*) FILTER (WHERE melding = 'declaratie') AS aantal_prestaties_onbeantwoord
    FROM melding
    GROUP BY wet, gemeente, aanbieder, toewijzing_nummer
)

-- the last day on which a first start may be reported
, toewijzing AS (
    SELECT
        eerste.wet
        , eerste.gemeente
        , eerste.aanbieder
        , eerste.toewijzing_nummer
        , eerste.release
        , eerste.berichttype
        , eerste.dagtekening
        , eerste.bericht_id
        , laatste.dag AS uiterste_startdag
    FROM verkeer.eerste_toewijzing AS eerste
    LEFT JOIN verkeer.toewijzing AS versie
        ON
            eerste.wet = versie.wet
            AND eerste.gemeente = versie.gemeente
            AND eerste.toewijzing_nummer = versie.toewijzing_nummer
    LEFT JOIN verkeer.kalender AS begin ON GREATEST(eerste.dagtekening, versie.ingangsdatum) = begin.dag
    LEFT JOIN verkeer.norm AS norm
        ON
            eerste.wet = norm.wet
            AND norm.kpi = 'starttermijn'
            AND norm.onderdeel = 'termijn'
            AND begin.dag BETWEEN norm.geldig_van AND norm.geldig_tot
    LEFT JOIN verkeer.kalender AS laatste
        ON
            begin.werkdag_nr + norm.waarde = laatste.werkdag_nr
            AND laatste.is_werkdag
)

, keten AS (
    SELECT
        toewijzing.wet
        , toewijzing.gemeente
        , toewijzing.aanbieder
        , toewijzing.toewijzing_nummer
        , toewijzing.release
        , toewijzing.berichttype
        , toewijzing.dagtekening
        , toewijzing.bericht_id
        , CASE
            WHEN onbeantwoord.bericht_id IS NOT NULL THEN 'retour_toewijzing'
            WHEN COALESCE(vervolg.aantal_starts, 0) = 0 AND toewijzing.uiterste_startdag < stand.peildatum THEN 'start'
            WHEN vervolg.aantal_starts > 0 AND vervolg.aantal_starts_beantwoord = 0 THEN 'retour_start'
            WHEN vervolg.aantal_stops_onbeantwoord > 0 THEN 'retour_stop'
            WHEN vervolg.aantal_prestaties_onbeantwoord > 0 THEN 'antwoord_declaratie'
        END AS ontbreekt
    FROM toewijzing
    CROSS JOIN verkeer.peildatum AS stand
    LEFT JOIN onbeantwoord ON toewijzing.bericht_id = onbeantwoord.bericht_id
    LEFT JOIN vervolg
        ON
            toewijzing.wet = vervolg.wet
            AND toewijzing.gemeente = vervolg.gemeente
            AND toewijzing.aanbieder = vervolg.aanbieder
            AND toewijzing.toewijzing_nummer = vervolg.toewijzing_nummer
)

SELECT
    wet || '-' || gemeente || '-' || aanbieder || '-' || toewijzing_nummer AS geval_id
    , 1 AS volgnr
    , wet
    , gemeente
    , aanbieder
    , release
    , berichttype
    , CAST(toewijzing_nummer AS VARCHAR) AS referentie
    , dagtekening AS start_dag
    , CASE WHEN ontbreekt IS NULL THEN 'volledig' ELSE 'onvolledig' END AS uitkomst
    , ontbreekt
    , CAST(NULL AS BIGINT) AS centen
    , CAST(NULL AS VARCHAR) AS reden_telt_niet
    , bericht_id AS start_bericht_id
    , CAST(NULL AS UUID) AS antwoord_bericht_id
FROM keten
