-- One row per message that has a part in one case: the most telling part that it has.
-- Reads `vraag` (one row: wet, gemeente, aanbieder and referentie of the case, and the messages that start it, answer it and hold it).
WITH met_referentie AS (
    SELECT
        bericht_id
        , regel_nr
        , wet
        , gemeente
        , aanbieder
        , referentie_aanbieder
    FROM verkeer.aangevraagd_product
    UNION ALL
    SELECT
        bericht_id
        , regel_nr
        , wet
        , gemeente
        , aanbieder
        , referentie_aanbieder
    FROM verkeer.verzoek_wijziging
    UNION ALL
    SELECT
        bericht_id
        , regel_nr
        , wet
        , gemeente
        , aanbieder
        , referentie_aanbieder
    FROM verkeer.toegewezen_product
    UNION ALL
    SELECT
        bericht_id
        , regel_nr
        , wet
        , gemeente
        , aanbieder
        , referentie_aanbieder
    FROM verkeer.antwoord
)

, deel AS (
    SELECT
        start_bericht_id AS bericht_id
        , CAST(NULL AS INTEGER) AS regel_nr
        , 1 AS volgorde
    FROM vraag
    UNION ALL
    SELECT
        antwoord_bericht_id AS bericht_id
        , CAST(NULL AS INTEGER) AS regel_nr
        , 2 AS volgorde
    FROM vraag
    UNION ALL
    SELECT
        bericht_id
        , CAST(NULL AS INTEGER) AS regel_nr
        , 3 AS volgorde
    FROM vraag
    UNION ALL
    SELECT
        regel.bericht_id
        , regel.regel_nr
        , 4 AS volgorde
    FROM met_referentie AS regel
    INNER JOIN vraag
        ON
            regel.wet = vraag.wet
            AND regel.gemeente = vraag.gemeente
            AND regel.aanbieder = vraag.aanbieder
            AND regel.referentie_aanbieder = vraag.referentie
)

, betrokken AS (
    SELECT
        bericht.bericht_nr
        , bericht.bericht_id
        , bericht.berichttype
        , bericht.gemeente
        , bericht.aanbieder
        , bericht.identificatie
        , MIN(deel.volgorde) AS volgorde
        , MIN(deel.regel_nr) AS regel_nr
    FROM deel
    INNER JOIN verkeer.bericht AS bericht ON deel.bericht_id = bericht.bericht_id
    GROUP BY
        bericht.bericht_nr
        , bericht.bericht_id
        , bericht.berichttype
        , bericht.gemeente
        , bericht.aanbieder
        , bericht.identificatie
)

, met_retour AS (
    SELECT
        bericht_nr
        , volgorde
        , regel_nr
    FROM betrokken
    UNION ALL
    SELECT
        retour.bericht_nr
        , 5 AS volgorde
        , CAST(NULL AS INTEGER) AS regel_nr
    FROM verkeer.telbaar_bericht AS retour
    INNER JOIN betrokken
        ON
            retour.hoort_bij = betrokken.berichttype
            AND retour.gemeente = betrokken.gemeente
            AND retour.aanbieder = betrokken.aanbieder
            AND retour.identificatie = betrokken.identificatie
    WHERE retour.richting = 'retour'
)

-- a retour that answers the case is there twice: as the answer it tells more
, eerste_deel AS (
    SELECT
        bericht_nr
        , MIN(volgorde) AS volgorde
        , MIN(regel_nr) AS regel_nr
    FROM met_retour
    GROUP BY bericht_nr
)

, codes AS (
    SELECT
        retourcode.bericht_nr
        , STRING_AGG(DISTINCT retourcode.code, ' ' ORDER BY retourcode.code) AS retourcodes
    FROM bron.retourcode AS retourcode
    INNER JOIN eerste_deel AS deel ON retourcode.bericht_nr = deel.bericht_nr
    GROUP BY retourcode.bericht_nr
)

SELECT
    CASE deel.volgorde WHEN 1 THEN 'begin' WHEN 2 THEN 'antwoord' WHEN 3 THEN 'geval' WHEN 4 THEN 'referentie' ELSE 'retour' END AS rol
    , bericht.verzend_dag
    , bericht.berichttype
    , bericht.release
    , bericht.identificatie
    , bericht.dagtekening_retour IS NOT NULL AS is_retour
    , bericht.is_afgekeurd
    , codes.retourcodes
    , CAST(bericht.bericht_id AS VARCHAR) AS bericht_id
    , deel.regel_nr
    , bestand.pad AS bron
    , ontvangst.lid
FROM eerste_deel AS deel
INNER JOIN verkeer.bericht AS bericht ON deel.bericht_nr = bericht.bericht_nr
LEFT JOIN codes ON deel.bericht_nr = codes.bericht_nr
LEFT JOIN beheer.ontvangst AS ontvangst ON deel.bericht_nr = ontvangst.bericht_nr
LEFT JOIN beheer.bestand AS bestand ON ontvangst.bestand_nr = bestand.bestand_nr
ORDER BY bericht.verzend_dag, deel.volgorde, bericht.bericht_id
