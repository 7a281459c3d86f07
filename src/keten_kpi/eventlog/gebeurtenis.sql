-- One row per message that counts and object that it is about: the event, and its relation to the object.
-- Ids of objects are hashes of their keys: pseudonyms, no anonymous data. A retour is about what its heenbericht is about.
WITH verzoekregel AS (
    SELECT
        bericht_nr
        , wet
        , gemeente
        , aanbieder
        , referentie_aanbieder
        , client_id
    FROM verkeer.aangevraagd_product
    UNION ALL
    SELECT
        bericht_nr
        , wet
        , gemeente
        , aanbieder
        , referentie_aanbieder
        , client_id
    FROM verkeer.verzoek_wijziging
    UNION ALL
    SELECT
        bericht_nr
        , wet
        , gemeente
        , aanbieder
        , referentie_aanbieder
        , CAST(NULL AS VARCHAR) AS client_id
    FROM verkeer.antwoord
    UNION ALL
    SELECT
        bericht_nr
        , wet
        , gemeente
        , aanbieder
        , referentie_aanbieder
        , client_id
    FROM verkeer.toegewezen_product
)

, toewijzingregel AS (
    SELECT
        bericht_nr
        , wet
        , gemeente
        , toewijzing_nummer
        , client_id
        , FALSE AS is_levering
    FROM verkeer.toegewezen_product
    UNION ALL
    SELECT
        bericht_nr
        , wet
        , gemeente
        , toewijzing_nummer
        , client_id
        , TRUE AS is_levering
    FROM verkeer.start_product
    UNION ALL
    SELECT
        bericht_nr
        , wet
        , gemeente
        , toewijzing_nummer
        , client_id
        , TRUE AS is_levering
    FROM verkeer.stop_product
    UNION ALL
    SELECT
        bericht_nr
        , wet
        , gemeente
        , toewijzing_nummer
        , client_id
        , FALSE AS is_levering
    FROM verkeer.prestatie
)

, over_object AS (
    SELECT
        bericht_nr
        , 'verzoek' AS object_type
        , CONCAT_WS('/', wet, gemeente, aanbieder, referentie_aanbieder) AS sleutel
    FROM verzoekregel
    WHERE referentie_aanbieder IS NOT NULL
    UNION ALL
    SELECT
        bericht_nr
        , 'client' AS object_type
        , client_id AS sleutel
    FROM verzoekregel
    WHERE client_id IS NOT NULL
    UNION ALL
    SELECT
        bericht_nr
        , 'client' AS object_type
        , client_id AS sleutel
    FROM toewijzingregel
    WHERE client_id IS NOT NULL
    UNION ALL
    SELECT
        bericht_nr
        , 'toewijzing' AS object_type
        , CONCAT_WS('/', wet, gemeente, toewijzing_nummer) AS sleutel
    FROM toewijzingregel
    WHERE toewijzing_nummer IS NOT NULL
    UNION ALL
    SELECT
        bericht_nr
        , 'levering' AS object_type
        , CONCAT_WS('/', wet, gemeente, toewijzing_nummer) AS sleutel
    FROM toewijzingregel
    WHERE
        is_levering
        AND toewijzing_nummer IS NOT NULL
    UNION ALL
    SELECT
        bericht_nr
        , 'declaratie' AS object_type
        , CONCAT_WS('/', berichttype, gemeente, aanbieder, identificatie) AS sleutel
    FROM verkeer.telbaar_bericht
    WHERE bericht_nr IN (SELECT declaratie.bericht_nr FROM verkeer.declaratie AS declaratie)
    UNION ALL
    SELECT
        bericht_nr
        , 'declaratie' AS object_type
        , CONCAT_WS('/', hoort_bij, gemeente, aanbieder, COALESCE(declaratie_identificatie, identificatie)) AS sleutel
    FROM verkeer.telbaar_bericht
    WHERE
        richting = 'antwoord'
        AND bericht_nr IN (SELECT antwoord.bericht_nr FROM verkeer.declaratie_antwoord AS antwoord)
)

, van_retour AS (
    SELECT
        retour.bericht_nr
        , heen.object_type
        , heen.sleutel
    FROM verkeer.telbaar_bericht AS retour
    INNER JOIN verkeer.telbaar_bericht AS bericht
        ON
            retour.hoort_bij = bericht.berichttype
            AND retour.gemeente = bericht.gemeente
            AND retour.aanbieder = bericht.aanbieder
            AND retour.identificatie = bericht.identificatie
    INNER JOIN over_object AS heen ON bericht.bericht_nr = heen.bericht_nr
    WHERE retour.richting = 'retour'
)

, relatie AS (
    SELECT
        bericht_nr
        , object_type
        , sleutel
    FROM over_object
    UNION
    SELECT
        bericht_nr
        , object_type
        , sleutel
    FROM van_retour
)

SELECT
    CAST(bericht.bericht_id AS VARCHAR) AS event_id
    , bericht.berichttype AS activiteit
    , bericht.verzend_dag
    , bericht.wet
    , bericht.gemeente
    , bericht.aanbieder
    , bericht.release
    , relatie.object_type
    , relatie.object_type || '-' || SUBSTR(MD5(relatie.object_type || ':' || relatie.sleutel), 1, 16) AS object_id
FROM verkeer.telbaar_bericht AS bericht
INNER JOIN relatie ON bericht.bericht_nr = relatie.bericht_nr
CROSS JOIN eventlog_keuze AS keuze
WHERE
    (keuze.wet IS NULL OR bericht.wet = keuze.wet)
    AND (keuze.gemeente IS NULL OR bericht.gemeente = keuze.gemeente)
    AND (keuze.aanbieder IS NULL OR bericht.aanbieder = keuze.aanbieder)
