-- One row per group of product lines: messages, lines and toewijzingen, and how many of them deviate.
-- Reads `keuze`: the chosen lines, with their group in `groep`, and `keuze_toewijzing`: the same lines. A message lies wholly in one group.
-- A row stands for `aantal` lines that are alike.
WITH per_bericht AS (
    SELECT
        groep
        , bericht_nr
        , SUM(CASE WHEN oordeel IS NOT NULL THEN aantal ELSE 0 END) AS regels
        , SUM(CASE WHEN oordeel = 'afwijkend' THEN aantal ELSE 0 END) AS regels_afwijkend
        , SUM(CASE WHEN oordeel = 'onbekend' THEN aantal ELSE 0 END) AS regels_onbekend
        , SUM(CASE WHEN oordeel IS NULL THEN aantal ELSE 0 END) AS regels_zonder_code
        , SUM(CASE WHEN reden_afwijking = 'niet_in_lijst' THEN aantal ELSE 0 END) AS regels_niet_in_lijst
        , SUM(CASE WHEN reden_afwijking = 'vervallen_code' THEN aantal ELSE 0 END) AS regels_vervallen_code
        , SUM(CASE WHEN reden_afwijking = 'nog_niet_geldig' THEN aantal ELSE 0 END) AS regels_nog_niet_geldig
        , SUM(CASE WHEN is_andere_categorie THEN aantal ELSE 0 END) AS regels_categorie_past_niet
    FROM keuze
    GROUP BY groep, bericht_nr
)

, bericht_en_regel AS (
    SELECT
        groep
        , COUNT(*) FILTER (WHERE regels > 0) AS berichten
        , COUNT(*) FILTER (WHERE regels_afwijkend > 0) AS berichten_afwijkend
        , COUNT(*) FILTER (WHERE regels_afwijkend = 0 AND regels_onbekend > 0) AS berichten_onbekend
        , CAST(SUM(regels) AS BIGINT) AS regels
        , CAST(SUM(regels_afwijkend) AS BIGINT) AS regels_afwijkend
        , CAST(SUM(regels_onbekend) AS BIGINT) AS regels_onbekend
        , CAST(SUM(regels_zonder_code) AS BIGINT) AS regels_zonder_code
        , CAST(SUM(regels_niet_in_lijst) AS BIGINT) AS regels_niet_in_lijst
        , CAST(SUM(regels_vervallen_code) AS BIGINT) AS regels_vervallen_code
        , CAST(SUM(regels_nog_niet_geldig) AS BIGINT) AS regels_nog_niet_geldig
        , CAST(SUM(regels_categorie_past_niet) AS BIGINT) AS regels_categorie_past_niet
    FROM per_bericht
    GROUP BY groep
)

, per_toewijzing AS (
    SELECT
        groep
        , wet
        , gemeente
        , toewijzing_nummer
        , BOOL_OR(oordeel = 'afwijkend') AS is_afwijkend
    FROM keuze_toewijzing
    WHERE
        oordeel IS NOT NULL
        AND toewijzing_nummer IS NOT NULL
    GROUP BY groep, wet, gemeente, toewijzing_nummer
)

, toewijzing AS (
    SELECT
        groep
        , COUNT(*) AS toewijzingen
        , COUNT(*) FILTER (WHERE is_afwijkend) AS toewijzingen_afwijkend
    FROM per_toewijzing
    GROUP BY groep
)

SELECT
    telling.groep
    , telling.berichten
    , telling.berichten_afwijkend
    , telling.berichten_onbekend
    , telling.berichten_afwijkend / CAST(NULLIF(telling.berichten - telling.berichten_onbekend, 0) AS DOUBLE) AS aandeel_berichten_afwijkend
    , verkeer.wilson_laag(telling.berichten_afwijkend, telling.berichten - telling.berichten_onbekend) AS aandeel_berichten_afwijkend_laag
    , verkeer.wilson_hoog(telling.berichten_afwijkend, telling.berichten - telling.berichten_onbekend) AS aandeel_berichten_afwijkend_hoog
    , telling.berichten_afwijkend / CAST(NULLIF(telling.berichten, 0) AS DOUBLE) AS aandeel_berichten_afwijkend_min
    , (telling.berichten_afwijkend + telling.berichten_onbekend) / CAST(NULLIF(telling.berichten, 0) AS DOUBLE)
        AS aandeel_berichten_afwijkend_max
    , telling.regels
    , telling.regels_afwijkend
    , telling.regels_onbekend
    , telling.regels_afwijkend / CAST(NULLIF(telling.regels - telling.regels_onbekend, 0) AS DOUBLE) AS aandeel_regels_afwijkend
    , verkeer.wilson_laag(telling.regels_afwijkend, telling.regels - telling.regels_onbekend) AS aandeel_regels_afwijkend_laag
    , verkeer.wilson_hoog(telling.regels_afwijkend, telling.regels - telling.regels_onbekend) AS aandeel_regels_afwijkend_hoog
    , telling.regels_afwijkend / CAST(NULLIF(telling.regels, 0) AS DOUBLE) AS aandeel_regels_afwijkend_min
    , (telling.regels_afwijkend + telling.regels_onbekend) / CAST(NULLIF(telling.regels, 0) AS DOUBLE) AS aandeel_regels_afwijkend_max
    , telling.regels_zonder_code
    , COALESCE(toewijzing.toewijzingen, 0) AS toewijzingen
    , COALESCE(toewijzing.toewijzingen_afwijkend, 0) AS toewijzingen_afwijkend
    , telling.regels_niet_in_lijst
    , telling.regels_vervallen_code
    , telling.regels_nog_niet_geldig
    , telling.regels_categorie_past_niet
FROM bericht_en_regel AS telling
LEFT JOIN toewijzing ON telling.groep = toewijzing.groep
