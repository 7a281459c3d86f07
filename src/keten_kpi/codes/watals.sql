-- One row for all (aanbieder NULL) and one per aanbieder: its codes and deviations as they are, and as a map would make them.
-- Reads `codes_regel` and `codes_keuze` (one row: wet, gemeente, aanbieder).
WITH gekozen AS (
    SELECT
        regel.wet
        , regel.gemeente
        , regel.aanbieder
        , regel.bericht_nr
        , regel.client_sleutel
        , regel.product_code
        , regel.nieuwe_code
        , regel.oordeel
        , regel.nieuw_oordeel
        , regel.is_vervangen
    FROM codes_regel AS regel
    CROSS JOIN codes_keuze AS keuze
    WHERE
        (keuze.wet IS NULL OR regel.wet = keuze.wet)
        AND (keuze.gemeente IS NULL OR regel.gemeente = keuze.gemeente)
        AND (keuze.aanbieder IS NULL OR regel.aanbieder = keuze.aanbieder)
)

, per_bericht AS (
    SELECT
        aanbieder
        , bericht_nr
        , BOOL_OR(oordeel = 'afwijkend') AS is_afwijkend
        , BOOL_OR(oordeel = 'onbekend') AND NOT BOOL_OR(oordeel = 'afwijkend') AS is_onbekend
        , BOOL_OR(nieuw_oordeel = 'afwijkend') AS is_straks_afwijkend
        , BOOL_OR(nieuw_oordeel = 'onbekend') AND NOT BOOL_OR(nieuw_oordeel = 'afwijkend') AS is_straks_onbekend
    FROM gekozen
    GROUP BY aanbieder, bericht_nr
)

, bericht AS (
    SELECT
        aanbieder
        , GROUPING(aanbieder) = 1 AS is_totaal
        , COUNT(*) AS berichten
        , COUNT(*) FILTER (WHERE is_afwijkend) AS berichten_afwijkend
        , COUNT(*) FILTER (WHERE is_straks_afwijkend) AS berichten_afwijkend_straks
        , COUNT(*) FILTER (WHERE is_afwijkend)
        / CAST(NULLIF(COUNT(*) FILTER (WHERE NOT is_onbekend), 0) AS DOUBLE) AS aandeel_berichten_afwijkend
        , COUNT(*) FILTER (WHERE is_straks_afwijkend)
        / CAST(NULLIF(COUNT(*) FILTER (WHERE NOT is_straks_onbekend), 0) AS DOUBLE) AS aandeel_berichten_afwijkend_straks
    FROM per_bericht
    GROUP BY GROUPING SETS ((aanbieder), ())
)

, regel AS (
    SELECT
        aanbieder
        , GROUPING(aanbieder) = 1 AS is_totaal
        , COUNT(DISTINCT client_sleutel) AS clienten
        , COUNT(*) AS regels
        , COUNT(*) FILTER (WHERE is_vervangen) AS regels_vervangen
        , COUNT(*) FILTER (WHERE oordeel = 'afwijkend') AS regels_afwijkend
        , COUNT(*) FILTER (WHERE nieuw_oordeel = 'afwijkend') AS regels_afwijkend_straks
        , COUNT(*) FILTER (WHERE oordeel = 'afwijkend' AND nieuw_oordeel = 'landelijk')
        / CAST(NULLIF(COUNT(*) FILTER (WHERE oordeel = 'afwijkend'), 0) AS DOUBLE) AS aandeel_geharmoniseerd
        , COUNT(DISTINCT wet || product_code) AS codes
        , COUNT(DISTINCT wet || nieuwe_code) AS codes_straks
        , COUNT(DISTINCT wet || gemeente || product_code) AS codes_per_gemeente
        , COUNT(DISTINCT wet || gemeente || nieuwe_code) AS codes_per_gemeente_straks
    FROM gekozen
    GROUP BY GROUPING SETS ((aanbieder), ())
)

SELECT
    regel.aanbieder
    , regel.clienten
    , regel.codes
    , regel.codes_straks
    , regel.codes_per_gemeente
    , regel.codes_per_gemeente_straks
    , regel.regels
    , regel.regels_vervangen
    , regel.regels_afwijkend
    , regel.regels_afwijkend_straks
    , regel.aandeel_geharmoniseerd
    , bericht.berichten
    , bericht.berichten_afwijkend
    , bericht.berichten_afwijkend_straks
    , bericht.aandeel_berichten_afwijkend
    , bericht.aandeel_berichten_afwijkend_straks
FROM regel
INNER JOIN bericht
    ON
        regel.is_totaal = bericht.is_totaal
        AND regel.aanbieder IS NOT DISTINCT FROM bericht.aanbieder
ORDER BY regel.is_totaal DESC, regel.codes DESC, regel.aanbieder ASC
