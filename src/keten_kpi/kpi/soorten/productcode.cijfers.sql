-- One row per group of product lines: messages, lines and toewijzingen, and how many of them deviate.
-- Reads `bericht` and `toewijzing`: what the chosen lines are about, with its group in `groep`; a row stands for `aantal` that are alike.
WITH bericht_en_regel AS (
    SELECT
        groep
        , CAST(SUM(CASE WHEN heeft_code THEN aantal ELSE 0 END) AS BIGINT) AS berichten
        , CAST(SUM(CASE WHEN is_afwijkend THEN aantal ELSE 0 END) AS BIGINT) AS berichten_afwijkend
        , CAST(SUM(CASE WHEN is_onbekend THEN aantal ELSE 0 END) AS BIGINT) AS berichten_onbekend
        , CAST(SUM(regels) AS BIGINT) AS regels
        , CAST(SUM(regels_afwijkend) AS BIGINT) AS regels_afwijkend
        , CAST(SUM(regels_onbekend) AS BIGINT) AS regels_onbekend
        , CAST(SUM(regels_zonder_code) AS BIGINT) AS regels_zonder_code
        , CAST(SUM(regels_niet_in_lijst) AS BIGINT) AS regels_niet_in_lijst
        , CAST(SUM(regels_vervallen_code) AS BIGINT) AS regels_vervallen_code
        , CAST(SUM(regels_nog_niet_geldig) AS BIGINT) AS regels_nog_niet_geldig
        , CAST(SUM(regels_categorie_past_niet) AS BIGINT) AS regels_categorie_past_niet
    FROM bericht
    GROUP BY groep
)

, per_groep AS (
    SELECT
        groep
        , CAST(SUM(aantal) AS BIGINT) AS toewijzingen
        , CAST(SUM(CASE WHEN is_afwijkend THEN aantal ELSE 0 END) AS BIGINT) AS toewijzingen_afwijkend
    FROM toewijzing
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
    , COALESCE(per_groep.toewijzingen, 0) AS toewijzingen
    , COALESCE(per_groep.toewijzingen_afwijkend, 0) AS toewijzingen_afwijkend
    , telling.regels_niet_in_lijst
    , telling.regels_vervallen_code
    , telling.regels_nog_niet_geldig
    , telling.regels_categorie_past_niet
FROM bericht_en_regel AS telling
LEFT JOIN per_groep ON telling.groep = per_groep.groep
