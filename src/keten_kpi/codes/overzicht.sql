-- One row per wet, category and deviating product code: its use, and the nearest national code of the same category.
-- Reads `codes_gebruik` (a row stands for `aantal` lines that are alike), `codes_keuze` (one row: wet, gemeente, aanbieder)
-- and `codes_omschrijving` (wet, gemeente, code, omschrijving).
-- Codes in `codes_weglating` (wet, product_categorie, product_code) come last: what is added up above them does not tell on them.
-- gemeenten and aanbieders count the whole traffic; the other figures are of the lines that were chosen.
WITH afwijkend AS (
    SELECT
        regel.wet
        , regel.product_categorie
        , regel.product_code
        , regel.bericht_nr
        , regel.client_sleutel
        , regel.gemeente
        , regel.aanbieder
        , regel.dagtekening
        , regel.eenheid
        , regel.reden_afwijking
        , regel.aantal
        , (keuze.wet IS NULL OR regel.wet = keuze.wet)
        AND (keuze.gemeente IS NULL OR regel.gemeente = keuze.gemeente)
        AND (keuze.aanbieder IS NULL OR regel.aanbieder = keuze.aanbieder) AS is_gekozen
    FROM codes_gebruik AS regel
    CROSS JOIN codes_keuze AS keuze
    WHERE regel.oordeel = 'afwijkend'
)

, per_code AS (
    SELECT
        wet
        , product_categorie
        , product_code
        , CAST(COALESCE(SUM(aantal) FILTER (WHERE is_gekozen), 0) AS BIGINT) AS regels
        , COUNT(DISTINCT bericht_nr) FILTER (WHERE is_gekozen) AS berichten
        , COUNT(DISTINCT client_sleutel) FILTER (WHERE is_gekozen) AS clienten
        , COUNT(DISTINCT gemeente) AS gemeenten
        , COUNT(DISTINCT aanbieder) AS aanbieders
        , STRING_AGG(DISTINCT gemeente, ' ' ORDER BY gemeente) AS in_gemeenten
        , MIN(dagtekening) FILTER (WHERE is_gekozen) AS eerste_dag
        , MAX(dagtekening) FILTER (WHERE is_gekozen) AS laatste_dag
        , MIN(eenheid) AS laagste_eenheid
        , MAX(eenheid) AS hoogste_eenheid
        , MIN(reden_afwijking) AS reden
    FROM afwijkend
    GROUP BY wet, product_categorie, product_code
    HAVING COUNT(*) FILTER (WHERE is_gekozen) > 0
)

-- the place of each code, the most used first, and the place of the last code of each message: with that one it is closed
, gerangschikt AS (
    SELECT
        per_code.wet
        , per_code.product_categorie
        , per_code.product_code
        , ROW_NUMBER() OVER (
            ORDER BY
                weglating.product_code IS NOT NULL ASC
                , per_code.regels DESC
                , per_code.wet ASC
                , per_code.product_categorie ASC NULLS FIRST
                , per_code.product_code ASC
        ) AS plaats
    FROM per_code
    LEFT JOIN codes_weglating AS weglating
        ON
            per_code.wet = weglating.wet
            AND per_code.product_categorie IS NOT DISTINCT FROM weglating.product_categorie
            AND per_code.product_code = weglating.product_code
)

, laatste_code AS (
    SELECT
        afwijkend.bericht_nr
        , MAX(gerangschikt.plaats) AS plaats
    FROM afwijkend
    INNER JOIN gerangschikt
        ON
            afwijkend.wet = gerangschikt.wet
            AND afwijkend.product_categorie IS NOT DISTINCT FROM gerangschikt.product_categorie
            AND afwijkend.product_code = gerangschikt.product_code
    WHERE afwijkend.is_gekozen
    GROUP BY afwijkend.bericht_nr
)

, gesloten AS (
    SELECT
        plaats
        , COUNT(*) AS berichten
    FROM laatste_code
    GROUP BY plaats
)

-- what is known of the meaning of a code: what its gemeente says, or a list in which it once stood
, beschreven AS (
    SELECT
        wet
        , code
        , MIN(omschrijving) AS omschrijving
    FROM codes_omschrijving
    GROUP BY wet, code
)

, vermeld AS (
    SELECT
        wet
        , code
        , MAX_BY(omschrijving, lijstversie) AS omschrijving
        , MAX_BY(categorie, lijstversie) AS categorie
    FROM verkeer.productcode
    WHERE NOT is_groepskop
    GROUP BY wet, code
)

-- national codes that hold to this day
, landelijk AS (
    SELECT
        vermeld.wet
        , vermeld.categorie
        , vermeld.code
        , vermeld.omschrijving
    FROM vermeld
    INNER JOIN verkeer.productcode_periode AS periode
        ON
            vermeld.wet = periode.wet
            AND vermeld.code = periode.code
    INNER JOIN verkeer.peildatum AS stand ON stand.peildatum BETWEEN periode.van_dag AND periode.tot_dag
)

-- with which unit a code is used, in the traffic at hand
, gebruik_met_eenheid AS (
    SELECT
        wet
        , product_code
        , eenheid
        , SUM(aantal) AS regels
    FROM codes_gebruik
    GROUP BY wet, product_code, eenheid
)

, bekend AS (
    SELECT
        per_code.wet
        , per_code.product_categorie
        , per_code.product_code
        , CASE WHEN per_code.laagste_eenheid = per_code.hoogste_eenheid THEN per_code.laagste_eenheid END AS eenheid
        , COALESCE(beschreven.omschrijving, vermeld.omschrijving) AS omschrijving
    FROM per_code
    LEFT JOIN beschreven
        ON
            per_code.wet = beschreven.wet
            AND per_code.product_code = beschreven.code
    LEFT JOIN vermeld
        ON
            per_code.wet = vermeld.wet
            AND per_code.product_code = vermeld.code
)

-- the nearest one: by description where there is one, else the one most used with the same unit
, kandidaat AS (
    SELECT
        bekend.wet
        , bekend.product_categorie
        , bekend.product_code
        , landelijk.code
        , landelijk.omschrijving
        , JARO_WINKLER_SIMILARITY(LOWER(bekend.omschrijving), LOWER(landelijk.omschrijving)) AS gelijkenis
        , gebruik.eenheid IS NOT NULL AS is_zelfde_eenheid
    FROM bekend
    INNER JOIN landelijk
        ON
            bekend.wet = landelijk.wet
            AND bekend.product_categorie = landelijk.categorie
            AND bekend.product_code <> landelijk.code
    LEFT JOIN gebruik_met_eenheid AS gebruik
        ON
            landelijk.wet = gebruik.wet
            AND landelijk.code = gebruik.product_code
            AND bekend.eenheid = gebruik.eenheid
    WHERE
        bekend.omschrijving IS NOT NULL
        OR gebruik.eenheid IS NOT NULL
    QUALIFY
        ROW_NUMBER() OVER (
            PARTITION BY bekend.wet, bekend.product_categorie, bekend.product_code
            ORDER BY
                JARO_WINKLER_SIMILARITY(LOWER(bekend.omschrijving), LOWER(landelijk.omschrijving)) DESC NULLS LAST
                , gebruik.regels DESC NULLS LAST
                , landelijk.code ASC
        ) = 1
)

SELECT
    per_code.wet
    , per_code.product_categorie
    , per_code.product_code
    , per_code.reden
    , per_code.regels
    , per_code.berichten
    , per_code.clienten
    , per_code.regels / CAST(SUM(per_code.regels) OVER () AS DOUBLE) AS aandeel_regels
    , SUM(per_code.regels) OVER (ORDER BY gerangschikt.plaats)
    / CAST(SUM(per_code.regels) OVER () AS DOUBLE) AS aandeel_opgeteld
    , SUM(COALESCE(gesloten.berichten, 0)) OVER (ORDER BY gerangschikt.plaats) AS berichten_opgeteld
    , SUM(COALESCE(gesloten.berichten, 0)) OVER (ORDER BY gerangschikt.plaats)
    / CAST(SUM(gesloten.berichten) OVER () AS DOUBLE) AS aandeel_berichten_opgeteld
    , per_code.gemeenten
    , per_code.aanbieders
    , per_code.in_gemeenten
    , per_code.eerste_dag
    , per_code.laatste_dag
    , bekend.eenheid
    , bekend.omschrijving
    , kandidaat.code AS voorstel_code
    , kandidaat.omschrijving AS voorstel_omschrijving
    , kandidaat.gelijkenis
    , CASE
        WHEN kandidaat.code IS NULL THEN 'geen'
        WHEN kandidaat.gelijkenis IS NULL THEN 'alleen_eenheid'
        WHEN kandidaat.gelijkenis >= 0.9 AND kandidaat.is_zelfde_eenheid THEN 'hoog'
        WHEN kandidaat.gelijkenis >= 0.8 THEN 'redelijk'
        ELSE 'laag'
    END AS zekerheid
FROM per_code
INNER JOIN gerangschikt
    ON
        per_code.wet = gerangschikt.wet
        AND per_code.product_categorie IS NOT DISTINCT FROM gerangschikt.product_categorie
        AND per_code.product_code = gerangschikt.product_code
LEFT JOIN gesloten ON gerangschikt.plaats = gesloten.plaats
INNER JOIN bekend
    ON
        per_code.wet = bekend.wet
        AND per_code.product_categorie IS NOT DISTINCT FROM bekend.product_categorie
        AND per_code.product_code = bekend.product_code
LEFT JOIN kandidaat
    ON
        per_code.wet = kandidaat.wet
        AND per_code.product_categorie = kandidaat.product_categorie
        AND per_code.product_code = kandidaat.product_code
ORDER BY gerangschikt.plaats
