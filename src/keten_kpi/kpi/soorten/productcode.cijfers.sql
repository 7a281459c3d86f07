-- One row per group of product lines: messages, lines and toewijzingen, and how many of them deviate.
-- Reads `keuze`: the chosen lines, with their group in `groep`. A message lies wholly in one group.
WITH per_bericht AS (
    SELECT
        groep
        , bericht_nr
        , count(*) FILTER (WHERE oordeel IS NOT NULL) AS regels
        , count(*) FILTER (WHERE oordeel = 'afwijkend') AS regels_afwijkend
        , count(*) FILTER (WHERE oordeel = 'onbekend') AS regels_onbekend
        , count(*) FILTER (WHERE oordeel IS NULL) AS regels_zonder_code
        , count(*) FILTER (WHERE reden_afwijking = 'niet_in_lijst') AS regels_niet_in_lijst
        , count(*) FILTER (WHERE reden_afwijking = 'vervallen_code') AS regels_vervallen_code
        , count(*) FILTER (WHERE reden_afwijking = 'nog_niet_geldig') AS regels_nog_niet_geldig
        , count(*) FILTER (WHERE is_andere_categorie) AS regels_categorie_past_niet
    FROM keuze
    GROUP BY groep, bericht_nr
)

, bericht_en_regel AS (
    SELECT
        groep
        , count(*) FILTER (WHERE regels > 0) AS berichten
        , count(*) FILTER (WHERE regels_afwijkend > 0) AS berichten_afwijkend
        , count(*) FILTER (WHERE regels_afwijkend = 0 AND regels_onbekend > 0) AS berichten_onbekend
        , CAST(sum(regels) AS BIGINT) AS regels
        , CAST(sum(regels_afwijkend) AS BIGINT) AS regels_afwijkend
        , CAST(sum(regels_onbekend) AS BIGINT) AS regels_onbekend
        , CAST(sum(regels_zonder_code) AS BIGINT) AS regels_zonder_code
        , CAST(sum(regels_niet_in_lijst) AS BIGINT) AS regels_niet_in_lijst
        , CAST(sum(regels_vervallen_code) AS BIGINT) AS regels_vervallen_code
        , CAST(sum(regels_nog_niet_geldig) AS BIGINT) AS regels_nog_niet_geldig
        , CAST(sum(regels_categorie_past_niet) AS BIGINT) AS regels_categorie_past_niet
    FROM per_bericht
    GROUP BY groep
)

, per_toewijzing AS (
    SELECT
        groep
        , wet
        , gemeente
        , toewijzing_nummer
        , count(*) FILTER (WHERE oordeel = 'afwijkend') AS regels_afwijkend
    FROM keuze
    WHERE
        oordeel IS NOT NULL
        AND toewijzing_nummer IS NOT NULL
    GROUP BY groep, wet, gemeente, toewijzing_nummer
)

, toewijzing AS (
    SELECT
        groep
        , count(*) AS toewijzingen
        , count(*) FILTER (WHERE regels_afwijkend > 0) AS toewijzingen_afwijkend
    FROM per_toewijzing
    GROUP BY groep
)

SELECT
    telling.groep
    , telling.berichten
    , telling.berichten_afwijkend
    , telling.berichten_onbekend
    , telling.berichten_afwijkend / CAST(nullif(telling.berichten - telling.berichten_onbekend, 0) AS DOUBLE) AS aandeel_berichten_afwijkend
    , keten.wilson_laag(telling.berichten_afwijkend, telling.berichten - telling.berichten_onbekend) AS aandeel_berichten_afwijkend_laag
    , keten.wilson_hoog(telling.berichten_afwijkend, telling.berichten - telling.berichten_onbekend) AS aandeel_berichten_afwijkend_hoog
    , telling.berichten_afwijkend / CAST(nullif(telling.berichten, 0) AS DOUBLE) AS aandeel_berichten_afwijkend_min
    , (telling.berichten_afwijkend + telling.berichten_onbekend) / CAST(nullif(telling.berichten, 0) AS DOUBLE)
    AS aandeel_berichten_afwijkend_max
    , telling.regels
    , telling.regels_afwijkend
    , telling.regels_onbekend
    , telling.regels_afwijkend / CAST(nullif(telling.regels - telling.regels_onbekend, 0) AS DOUBLE) AS aandeel_regels_afwijkend
    , telling.regels_afwijkend / CAST(nullif(telling.regels, 0) AS DOUBLE) AS aandeel_regels_afwijkend_min
    , (telling.regels_afwijkend + telling.regels_onbekend) / CAST(nullif(telling.regels, 0) AS DOUBLE) AS aandeel_regels_afwijkend_max
    , telling.regels_zonder_code
    , coalesce(toewijzing.toewijzingen, 0) AS toewijzingen
    , coalesce(toewijzing.toewijzingen_afwijkend, 0) AS toewijzingen_afwijkend
    , telling.regels_niet_in_lijst
    , telling.regels_vervallen_code
    , telling.regels_nog_niet_geldig
    , telling.regels_categorie_past_niet
FROM bericht_en_regel AS telling
LEFT JOIN toewijzing ON telling.groep = toewijzing.groep
