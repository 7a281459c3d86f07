-- One row per group of cases: how many in which state, and how long it took.
-- Reads `keuze`: the chosen cases, with their group in `groep`.
WITH telt AS (
    SELECT
        groep
        , toestand
        , verstreken_werkdagen
        , antwoord_dag IS NOT NULL AS is_beantwoord
        , toestand IN ('binnen_norm', 'buiten_norm', 'lopend') AS heeft_toestand
    FROM keuze
    WHERE reden_telt_niet IS NULL
)

, aantal AS (
    SELECT
        groep
        , count(*) FILTER (WHERE toestand = 'binnen_norm') AS binnen_norm
        , count(*) FILTER (WHERE toestand = 'buiten_norm') AS buiten_norm
        , count(*) FILTER (WHERE toestand = 'lopend') AS lopend
        , count(*) FILTER (WHERE toestand IN ('afgewezen', 'afgewezen_met_vervolg')) AS afgewezen
        , count(*) FILTER (WHERE toestand = 'afgewezen_met_vervolg') AS afgewezen_met_vervolg
        , count(*) FILTER (WHERE toestand = 'niet_meetbaar') AS niet_meetbaar
        , count(*) FILTER (WHERE toestand = 'onbruikbaar') AS onbruikbaar
        , percentile_cont(0.5) WITHIN GROUP (ORDER BY CAST(verstreken_werkdagen AS DOUBLE))
            FILTER (WHERE heeft_toestand AND is_beantwoord) AS mediaan_werkdagen
        , percentile_cont(0.9) WITHIN GROUP (ORDER BY CAST(verstreken_werkdagen AS DOUBLE))
            FILTER (WHERE heeft_toestand AND is_beantwoord) AS p90_werkdagen
    FROM telt
    GROUP BY groep
)

-- Kaplan-Meier: per duration how many were answered, and how many waited that long
, duur AS (
    SELECT
        groep
        , verstreken_werkdagen
        , count(*) AS aantal_gevallen
        , count(*) FILTER (WHERE is_beantwoord) AS aantal_beantwoord
    FROM telt
    WHERE heeft_toestand
    GROUP BY groep, verstreken_werkdagen
)

, wachtend AS (
    SELECT
        groep
        , verstreken_werkdagen
        , aantal_beantwoord
        , sum(aantal_gevallen) OVER (
            PARTITION BY groep
            ORDER BY verstreken_werkdagen DESC
            ROWS UNBOUNDED PRECEDING
        ) AS aantal_wachtend
    FROM duur
)

-- a product as a sum of logarithms; where all are answered it is 0, which has none
, overleving AS (
    SELECT
        groep
        , verstreken_werkdagen
        , exp(
            sum(coalesce(ln(nullif(1 - aantal_beantwoord / CAST(aantal_wachtend AS DOUBLE), 0)), -1000)) OVER (
                PARTITION BY groep
                ORDER BY verstreken_werkdagen
                ROWS UNBOUNDED PRECEDING
            )
        ) AS aandeel_wachtend
    FROM wachtend
)

-- 1e-12: rounding of the logarithms must not move a share of exactly one half
, kaplan_meier AS (
    SELECT
        groep
        , min(verstreken_werkdagen) AS mediaan_werkdagen_km
    FROM overleving
    WHERE aandeel_wachtend <= 0.5 + 1e-12
    GROUP BY groep
)

SELECT
    aantal.groep
    , aantal.binnen_norm
    , aantal.buiten_norm
    , aantal.lopend
    , aantal.afgewezen
    , aantal.afgewezen_met_vervolg
    , aantal.niet_meetbaar
    , aantal.onbruikbaar
    , aantal.binnen_norm / CAST(nullif(aantal.binnen_norm + aantal.buiten_norm, 0) AS DOUBLE) AS aandeel_binnen_norm
    , keten.wilson_laag(aantal.binnen_norm, aantal.binnen_norm + aantal.buiten_norm) AS aandeel_binnen_norm_laag
    , keten.wilson_hoog(aantal.binnen_norm, aantal.binnen_norm + aantal.buiten_norm) AS aandeel_binnen_norm_hoog
    , aantal.mediaan_werkdagen
    , aantal.p90_werkdagen
    , kaplan_meier.mediaan_werkdagen_km
FROM aantal
LEFT JOIN kaplan_meier ON aantal.groep = kaplan_meier.groep
