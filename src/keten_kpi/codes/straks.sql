-- One row: how many messages have a deviating code, and how many would with the codes that a map gives.
-- Reads `codes_bericht`, the lines of all messages, and `codes_regel`: those of them that deviate, are unknown or are replaced.
WITH per_bericht AS (
    SELECT
        bericht_nr
        , BOOL_OR(oordeel = 'afwijkend') AS is_afwijkend
        , BOOL_OR(nieuw_oordeel = 'afwijkend') AS is_straks_afwijkend
        , BOOL_OR(nieuw_oordeel = 'onbekend') AND NOT BOOL_OR(nieuw_oordeel = 'afwijkend') AS is_straks_onbekend
    FROM codes_regel
    GROUP BY bericht_nr
)

, geheel AS (
    SELECT COUNT(DISTINCT bericht_nr) AS berichten
    FROM codes_bericht
)

, telling AS (
    SELECT
        COUNT(*) FILTER (WHERE is_afwijkend) AS berichten_afwijkend
        , COUNT(*) FILTER (WHERE is_straks_afwijkend) AS berichten_afwijkend_straks
        , COUNT(*) FILTER (WHERE is_straks_onbekend) AS berichten_onbekend_straks
    FROM per_bericht
)

SELECT
    telling.berichten_afwijkend
    , telling.berichten_afwijkend_straks
    , telling.berichten_afwijkend_straks
    / CAST(NULLIF(geheel.berichten - telling.berichten_onbekend_straks, 0) AS DOUBLE) AS aandeel_berichten_afwijkend_straks
FROM telling
CROSS JOIN geheel
