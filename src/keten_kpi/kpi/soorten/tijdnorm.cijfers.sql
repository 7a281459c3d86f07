-- One row per group of cases: how many in which state, and how long it took.
-- Reads `keuze`: the chosen cases, with their group in `groep`; a row stands for `aantal` cases that are alike.
WITH telt AS (
    SELECT
        groep
        , toestand
        , verstreken_werkdagen
        , verstreken_dagen
        , dagen IS NOT NULL AS is_beantwoord
        , toestand IN ('binnen_norm', 'buiten_norm', 'lopend') AS heeft_toestand
        , CAST(SUM(aantal) AS BIGINT) AS aantal
    FROM keuze
    WHERE reden_telt_niet IS NULL
    GROUP BY groep, toestand, verstreken_werkdagen, verstreken_dagen, is_beantwoord
)

, stand AS (
    SELECT
        groep
        , CAST(SUM(CASE WHEN toestand = 'binnen_norm' THEN aantal ELSE 0 END) AS BIGINT) AS binnen_norm
        , CAST(SUM(CASE WHEN toestand = 'buiten_norm' THEN aantal ELSE 0 END) AS BIGINT) AS buiten_norm
        , CAST(SUM(CASE WHEN toestand = 'lopend' THEN aantal ELSE 0 END) AS BIGINT) AS lopend
        , CAST(SUM(CASE WHEN toestand IN ('afgewezen', 'afgewezen_met_vervolg') THEN aantal ELSE 0 END) AS BIGINT) AS afgewezen
        , CAST(SUM(CASE WHEN toestand = 'afgewezen_met_vervolg' THEN aantal ELSE 0 END) AS BIGINT) AS afgewezen_met_vervolg
        , CAST(SUM(CASE WHEN toestand = 'niet_meetbaar' THEN aantal ELSE 0 END) AS BIGINT) AS niet_meetbaar
        , CAST(SUM(CASE WHEN toestand = 'onbruikbaar' THEN aantal ELSE 0 END) AS BIGINT) AS onbruikbaar
    FROM telt
    GROUP BY groep
)

-- in werkdagen and in days: how many cases took so long, and how many of those were answered
, duur AS (
    SELECT
        groep
        , 'werkdagen' AS eenheid
        , verstreken_werkdagen AS verstreken
        , SUM(aantal) AS aantal_gevallen
        , SUM(CASE WHEN is_beantwoord THEN aantal ELSE 0 END) AS aantal_beantwoord
    FROM telt
    WHERE heeft_toestand
    GROUP BY groep, verstreken_werkdagen
    UNION ALL
    SELECT
        groep
        , 'dagen' AS eenheid
        , verstreken_dagen AS verstreken
        , SUM(aantal) AS aantal_gevallen
        , SUM(CASE WHEN is_beantwoord THEN aantal ELSE 0 END) AS aantal_beantwoord
    FROM telt
    WHERE heeft_toestand
    GROUP BY groep, verstreken_dagen
)

-- the answered cases from short to long: up to which place each duration comes, and the places of two quantiles, from 0
, geordend AS (
    SELECT
        groep
        , eenheid
        , verstreken
        , SUM(aantal_beantwoord) OVER (
            PARTITION BY groep, eenheid
            ORDER BY verstreken
        ) AS tot_plaats
        , (CAST(SUM(aantal_beantwoord) OVER (PARTITION BY groep, eenheid) AS BIGINT) - 1) * 0.5 AS plaats_mediaan
        , (CAST(SUM(aantal_beantwoord) OVER (PARTITION BY groep, eenheid) AS BIGINT) - 1) * 0.9 AS plaats_p90
    FROM duur
    WHERE aantal_beantwoord > 0
)

, rond AS (
    SELECT
        groep
        , eenheid
        , plaats_p90 - FLOOR(plaats_p90) AS deel_p90
        , CAST(MIN(verstreken) FILTER (WHERE tot_plaats > FLOOR(plaats_mediaan)) AS INTEGER) AS onder_mediaan
        , CAST(MIN(verstreken) FILTER (WHERE tot_plaats > CEIL(plaats_mediaan)) AS INTEGER) AS boven_mediaan
        , CAST(MIN(verstreken) FILTER (WHERE tot_plaats > FLOOR(plaats_p90)) AS INTEGER) AS onder_p90
        , CAST(MIN(verstreken) FILTER (WHERE tot_plaats > CEIL(plaats_p90)) AS INTEGER) AS boven_p90
    FROM geordend
    GROUP BY groep, eenheid, plaats_p90
)

-- what PERCENTILE_CONT gives: between two places a quantile lies between their durations; in decimals, so that no bit depends on a machine
, kwantiel AS (
    SELECT
        groep
        , eenheid
        , (onder_mediaan + boven_mediaan) / CAST(2 AS DOUBLE) AS mediaan
        , CAST(onder_p90 + (boven_p90 - onder_p90) * deel_p90 AS DOUBLE) AS p90
    FROM rond
)

-- Kaplan-Meier: how many waited that long
, wachtend AS (
    SELECT
        groep
        , eenheid
        , verstreken
        , aantal_beantwoord
        , SUM(aantal_gevallen) OVER (
            PARTITION BY groep, eenheid
            ORDER BY verstreken DESC
        ) AS aantal_wachtend
    FROM duur
)

-- a product as a sum of logarithms; where all are answered it is 0, which has none
, overleving AS (
    SELECT
        groep
        , eenheid
        , verstreken
        , EXP(
            SUM(COALESCE(LN(NULLIF(1 - aantal_beantwoord / CAST(aantal_wachtend AS DOUBLE), 0)), -1000)) OVER (
                PARTITION BY groep, eenheid
                ORDER BY verstreken
            )
        ) AS aandeel_wachtend
        , SUM(aantal_beantwoord / CAST(NULLIF(aantal_wachtend * (aantal_wachtend - aantal_beantwoord), 0) AS DOUBLE)) OVER (
            PARTITION BY groep, eenheid
            ORDER BY verstreken
        ) AS greenwood
    FROM wachtend
)

-- the 95 % band on the scale of LN(-LN(share)); 1.959963984540054 is the 97.5 % point of the normal distribution
, band AS (
    SELECT
        groep
        , eenheid
        , verstreken
        , aandeel_wachtend
        , EXP(1.959963984540054 * SQRT(greenwood) / -LN(NULLIF(NULLIF(aandeel_wachtend, 1), 0))) AS macht
    FROM overleving
)

-- 1e-12: rounding of the logarithms must not move a share of exactly one half
, kaplan_meier AS (
    SELECT
        groep
        , eenheid
        , MIN(verstreken) FILTER (WHERE aandeel_wachtend <= 0.5 + 1e-12) AS mediaan
        , MIN(verstreken) FILTER (WHERE POWER(aandeel_wachtend, COALESCE(macht, 1)) < 0.5) AS laag
        , MIN(verstreken) FILTER (WHERE POWER(aandeel_wachtend, 1 / macht) < 0.5) AS hoog
    FROM band
    GROUP BY groep, eenheid
)

SELECT
    stand.groep
    , stand.binnen_norm
    , stand.buiten_norm
    , stand.lopend
    , stand.afgewezen
    , stand.afgewezen_met_vervolg
    , stand.niet_meetbaar
    , stand.onbruikbaar
    , stand.binnen_norm / CAST(NULLIF(stand.binnen_norm + stand.buiten_norm, 0) AS DOUBLE) AS aandeel_binnen_norm
    , verkeer.wilson_laag(stand.binnen_norm, stand.binnen_norm + stand.buiten_norm) AS aandeel_binnen_norm_laag
    , verkeer.wilson_hoog(stand.binnen_norm, stand.binnen_norm + stand.buiten_norm) AS aandeel_binnen_norm_hoog
    , kwantiel_werkdagen.mediaan AS mediaan_werkdagen
    , kwantiel_werkdagen.p90 AS p90_werkdagen
    , in_werkdagen.mediaan AS mediaan_werkdagen_km
    , in_werkdagen.laag AS mediaan_werkdagen_km_laag
    , in_werkdagen.hoog AS mediaan_werkdagen_km_hoog
    , kwantiel_dagen.mediaan AS mediaan_dagen
    , kwantiel_dagen.p90 AS p90_dagen
    , in_dagen.mediaan AS mediaan_dagen_km
    , in_dagen.laag AS mediaan_dagen_km_laag
    , in_dagen.hoog AS mediaan_dagen_km_hoog
FROM stand
LEFT JOIN kwantiel AS kwantiel_werkdagen
    ON
        stand.groep = kwantiel_werkdagen.groep
        AND kwantiel_werkdagen.eenheid = 'werkdagen'
LEFT JOIN kwantiel AS kwantiel_dagen
    ON
        stand.groep = kwantiel_dagen.groep
        AND kwantiel_dagen.eenheid = 'dagen'
LEFT JOIN kaplan_meier AS in_werkdagen
    ON
        stand.groep = in_werkdagen.groep
        AND in_werkdagen.eenheid = 'werkdagen'
LEFT JOIN kaplan_meier AS in_dagen
    ON
        stand.groep = in_dagen.groep
        AND in_dagen.eenheid = 'dagen'
