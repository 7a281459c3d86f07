-- One row: how many messages have a deviating code, and how many would with the codes that a map gives.
-- Reads `codes_samenstelling`, sets of codes that messages hold, `codes_regel`: the codes in each, its number in bericht_nr,
-- and `codes_geheel` (one row: berichten).
WITH per_samenstelling AS (
    SELECT
        bericht_nr AS volgnr
        , BOOL_OR(oordeel = 'afwijkend') AS is_afwijkend
        , BOOL_OR(nieuw_oordeel = 'afwijkend') AS is_straks_afwijkend
        , BOOL_OR(nieuw_oordeel = 'onbekend') AND NOT BOOL_OR(nieuw_oordeel = 'afwijkend') AS is_straks_onbekend
    FROM codes_regel
    GROUP BY bericht_nr
)

, telling AS (
    SELECT
        CAST(SUM(CASE WHEN oordeel.is_afwijkend THEN samenstelling.aantal ELSE 0 END) AS BIGINT) AS afwijkend
        , CAST(SUM(CASE WHEN oordeel.is_straks_afwijkend THEN samenstelling.aantal ELSE 0 END) AS BIGINT) AS afwijkend_straks
        , CAST(SUM(CASE WHEN oordeel.is_straks_onbekend THEN samenstelling.aantal ELSE 0 END) AS BIGINT) AS onbekend_straks
    FROM codes_samenstelling AS samenstelling
    INNER JOIN per_samenstelling AS oordeel ON samenstelling.volgnr = oordeel.volgnr
)

SELECT
    COALESCE(telling.afwijkend, 0) AS berichten_afwijkend
    , COALESCE(telling.afwijkend_straks, 0) AS berichten_afwijkend_straks
    , COALESCE(telling.afwijkend_straks, 0)
    / CAST(NULLIF(geheel.berichten - COALESCE(telling.onbekend_straks, 0), 0) AS DOUBLE) AS aandeel_berichten_afwijkend_straks
FROM telling
CROSS JOIN codes_geheel AS geheel
