-- One row per group of cases: how many in which state, and how long it took.
-- Reads `keuze`: the chosen cases, with their group in `groep`.
WITH telt AS (
    SELECT
        groep
        , toestand
        , verstreken_werkdagen
        , verstreken_dagen
        , antwoord_dag IS NOT NULL AS is_beantwoord
        , toestand IN ('binnen_norm', 'buiten_norm', 'lopend') AS heeft_toestand
    FROM keuze
    WHERE reden_telt_niet IS NULL
)

, aantal AS (
    SELECT
        groep
        , COUNT(*) FILTER (WHERE toestand = 'binnen_norm') AS binnen_norm
        , COUNT(*) FILTER (WHERE toestand = 'buiten_norm') AS buiten_norm
        , COUNT(*) FILTER (WHERE toestand = 'lopend') AS lopend
        , COUNT(*) FILTER (WHERE toestand IN ('afgewezen', 'afgewezen_met_vervolg')) AS afgewezen
        , COUNT(*) FILTER (WHERE toestand = 'afgewezen_met_vervolg') AS afgewezen_met_vervolg
        , COUNT(*) FILTER (WHERE toestand = 'niet_meetbaar') AS niet_meetbaar
        , COUNT(*) FILTER (WHERE toestand = 'onbruikbaar') AS onbruikbaar
        , PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CAST(verstreken_werkdagen AS DOUBLE))
        FILTER (WHERE heeft_toestand AND is_beantwoord) AS mediaan_werkdagen
        , PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY CAST(verstreken_werkdagen AS DOUBLE))
        FILTER (WHERE heeft_toestand AND is_beantwoord) AS p90_werkdagen
        , PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CAST(verstreken_dagen AS DOUBLE))
        FILTER (WHERE heeft_toestand AND is_beantwoord) AS mediaan_dagen
        , PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY CAST(verstreken_dagen AS DOUBLE))
        FILTER (WHERE heeft_toestand AND is_beantwoord) AS p90_dagen
    FROM telt
    GROUP BY groep
)

-- Kaplan-Meier, in werkdagen and in days: per duration how many were answered, and how many waited that long
, duur AS (
    SELECT
        groep
        , 'werkdagen' AS eenheid
        , verstreken_werkdagen AS verstreken
        , COUNT(*) AS aantal_gevallen
        , COUNT(*) FILTER (WHERE is_beantwoord) AS aantal_beantwoord
    FROM telt
    WHERE heeft_toestand
    GROUP BY groep, verstreken_werkdagen
    UNION ALL
    SELECT
        groep
        , 'dagen' AS eenheid
        , verstreken_dagen AS verstreken
        , COUNT(*) AS aantal_gevallen
        , COUNT(*) FILTER (WHERE is_beantwoord) AS aantal_beantwoord
    FROM telt
    WHERE heeft_toestand
    GROUP BY groep, verstreken_dagen
)

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
    aantal.groep
    , aantal.binnen_norm
    , aantal.buiten_norm
    , aantal.lopend
    , aantal.afgewezen
    , aantal.afgewezen_met_vervolg
    , aantal.niet_meetbaar
    , aantal.onbruikbaar
    , aantal.binnen_norm / CAST(NULLIF(aantal.binnen_norm + aantal.buiten_norm, 0) AS DOUBLE) AS aandeel_binnen_norm
    , verkeer.wilson_laag(aantal.binnen_norm, aantal.binnen_norm + aantal.buiten_norm) AS aandeel_binnen_norm_laag
    , verkeer.wilson_hoog(aantal.binnen_norm, aantal.binnen_norm + aantal.buiten_norm) AS aandeel_binnen_norm_hoog
    , aantal.mediaan_werkdagen
    , aantal.p90_werkdagen
    , in_werkdagen.mediaan AS mediaan_werkdagen_km
    , in_werkdagen.laag AS mediaan_werkdagen_km_laag
    , in_werkdagen.hoog AS mediaan_werkdagen_km_hoog
    , aantal.mediaan_dagen
    , aantal.p90_dagen
    , in_dagen.mediaan AS mediaan_dagen_km
    , in_dagen.laag AS mediaan_dagen_km_laag
    , in_dagen.hoog AS mediaan_dagen_km_hoog
FROM aantal
LEFT JOIN kaplan_meier AS in_werkdagen
    ON
        aantal.groep = in_werkdagen.groep
        AND in_werkdagen.eenheid = 'werkdagen'
LEFT JOIN kaplan_meier AS in_dagen
    ON
        aantal.groep = in_dagen.groep
        AND in_dagen.eenheid = 'dagen'
