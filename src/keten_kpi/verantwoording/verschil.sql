-- One row per thing that does not add up between declaraties and their answers, for care that ended in the year.
-- verwacht is what follows from the prestaties, gevonden what a message says instead. A new soort is one more row of `verschil`.
WITH som AS (
    SELECT
        bericht_nr
        , antwoord_nr
        , SUM(ingediend_centen) AS ingediend_centen
        , SUM(toegekend_centen) AS toegekend_centen
    FROM verantwoording_prestatie
    GROUP BY bericht_nr, antwoord_nr
    HAVING BOOL_OR(is_jaar)
)

, getotaliseerd AS (
    SELECT
        som.bericht_nr
        , som.antwoord_nr
        , som.ingediend_centen
        , som.toegekend_centen
        , declaratie.totaal_ingediend_centen
        , antwoord.totaal_ingediend_centen AS antwoord_ingediend_centen
        , antwoord.totaal_toegekend_centen
    FROM som
    LEFT JOIN verkeer.declaratie AS declaratie ON som.bericht_nr = declaratie.bericht_nr
    LEFT JOIN verkeer.declaratie_antwoord AS antwoord ON som.antwoord_nr = antwoord.bericht_nr
)

-- an answer of which the declaratie is not known, or that is not the first: no care says its year, so the day it names does
, los_antwoord AS (
    SELECT
        bericht.bericht_nr
        , declaratie.bericht_nr IS NULL AS is_zonder_declaratie
        , totaal.totaal_toegekend_centen
    FROM verkeer.telbaar_bericht AS bericht
    INNER JOIN verantwoording_vraag AS vraag ON bericht.aanbieder = vraag.aanbieder
    LEFT JOIN verkeer.telbaar_bericht AS declaratie
        ON
            bericht.hoort_bij = declaratie.berichttype
            AND bericht.gemeente = declaratie.gemeente
            AND bericht.aanbieder = declaratie.aanbieder
            AND COALESCE(bericht.declaratie_identificatie, bericht.identificatie) = declaratie.identificatie
    LEFT JOIN verkeer.antwoord_op_declaratie AS eerste ON bericht.bericht_nr = eerste.bericht_nr
    LEFT JOIN verkeer.declaratie_antwoord AS totaal ON bericht.bericht_nr = totaal.bericht_nr
    LEFT JOIN som ON declaratie.bericht_nr = som.bericht_nr
    WHERE
        bericht.richting = 'antwoord'
        AND (vraag.gemeente IS NULL OR bericht.gemeente = vraag.gemeente)
        AND (vraag.wet IS NULL OR bericht.wet = vraag.wet)
        AND (
            (
                declaratie.bericht_nr IS NULL
                AND EXTRACT(YEAR FROM COALESCE(bericht.declaratie_dagtekening, bericht.dagtekening)) = vraag.jaar
            )
            OR (eerste.bericht_nr IS NULL AND som.bericht_nr IS NOT NULL)
        )
)

, code_van_gemeente AS (
    SELECT DISTINCT
        wet
        , gemeente
        , product_code
    FROM verkeer.toewijzing
)

, code_van_wet AS (
    SELECT DISTINCT
        wet
        , product_code
    FROM code_van_gemeente
)

, toegekend_debet AS (
    SELECT
        wet
        , gemeente
        , referentie_nummer
        , COALESCE(MAX(toegekend_centen), MAX(ingediend_centen)) AS centen
    FROM verantwoording_prestatie
    WHERE
        ingediend_centen >= 0
        AND COALESCE(toegekend_centen <> 0, TRUE)
    GROUP BY wet, gemeente, referentie_nummer
)

-- each prestatie of the year with what it is held against
, vergeleken AS (
    SELECT
        prestatie.bericht_nr
        , prestatie.regel_nr
        , prestatie.ingediend_centen
        , prestatie.toegekend_centen
        , prestatie.toewijzing_nummer IS NOT NULL AND toewijzing.toewijzing_nummer IS NULL AS is_toewijzing_onbekend
        , toewijzing.product_code <> prestatie.product_code AS is_andere_code
        , eigen.product_code IS NULL AND van_wet.product_code IS NOT NULL AS is_van_andere_gemeente
        , prestatie.ingediend_centen < 0 AND COALESCE(prestatie.toegekend_centen <> 0, TRUE) AS is_credit
        , debet.centen AS debet_centen
        , ROW_NUMBER() OVER (
            PARTITION BY prestatie.wet, prestatie.gemeente, prestatie.referentie_nummer, prestatie.toegekend_centen > 0
            ORDER BY prestatie.dagtekening, prestatie.bericht_id, prestatie.regel_nr
        ) AS hoeveelste
        , ROW_NUMBER() OVER (
            PARTITION BY
                prestatie.wet
                , prestatie.gemeente
                , prestatie.vorig_referentie_nummer
                , prestatie.ingediend_centen < 0
                , COALESCE(prestatie.toegekend_centen <> 0, TRUE)
            ORDER BY prestatie.dagtekening, prestatie.bericht_id, prestatie.regel_nr
        ) AS hoeveelste_credit
    FROM verantwoording_prestatie AS prestatie
    LEFT JOIN verkeer.toewijzing AS toewijzing
        ON
            prestatie.wet = toewijzing.wet
            AND prestatie.gemeente = toewijzing.gemeente
            AND prestatie.toewijzing_nummer = toewijzing.toewijzing_nummer
    LEFT JOIN code_van_gemeente AS eigen
        ON
            prestatie.wet = eigen.wet
            AND prestatie.gemeente = eigen.gemeente
            AND prestatie.product_code = eigen.product_code
    LEFT JOIN code_van_wet AS van_wet
        ON
            prestatie.wet = van_wet.wet
            AND prestatie.product_code = van_wet.product_code
    LEFT JOIN toegekend_debet AS debet
        ON
            prestatie.wet = debet.wet
            AND prestatie.gemeente = debet.gemeente
            AND prestatie.vorig_referentie_nummer = debet.referentie_nummer
    WHERE prestatie.is_jaar
)

-- a refusal of what its declaratie does not hold
, losse_afkeuring AS (
    SELECT
        regel.bericht_nr
        , regel.regel_nr
        , som.bericht_nr AS declaratie_nr
        , regel.referentie_nummer
        , regel.product_code
        , regel.ingediend_centen
    FROM verkeer.afgekeurde_prestatie AS regel
    INNER JOIN som ON regel.bericht_nr = som.antwoord_nr
    LEFT JOIN verantwoording_prestatie AS prestatie
        ON
            som.bericht_nr = prestatie.bericht_nr
            AND regel.referentie_nummer = prestatie.referentie_nummer
    WHERE prestatie.bericht_nr IS NULL
)

-- the table of soorten, a row each: on which line, what follows, what was found, when it is listed
-- noqa: disable=LT09
, verschil (soort, bericht_nr, regel_nr, verwacht_centen, gevonden_centen) AS (
    SELECT 'declaratie_zonder_antwoord', bericht_nr, NULL, ingediend_centen, NULL FROM getotaliseerd
    WHERE antwoord_nr IS NULL
    UNION ALL
    SELECT 'declaratietotaal', bericht_nr, NULL, ingediend_centen, totaal_ingediend_centen FROM getotaliseerd
    WHERE ingediend_centen <> totaal_ingediend_centen
    UNION ALL
    SELECT 'antwoordtotaal', bericht_nr, NULL, totaal_ingediend_centen, antwoord_ingediend_centen FROM getotaliseerd
    WHERE totaal_ingediend_centen <> antwoord_ingediend_centen
    UNION ALL
    SELECT 'toekenningstotaal', bericht_nr, NULL, toegekend_centen, totaal_toegekend_centen FROM getotaliseerd
    WHERE toegekend_centen <> totaal_toegekend_centen
    UNION ALL
    SELECT 'antwoord_zonder_declaratie', bericht_nr, NULL, NULL, totaal_toegekend_centen FROM los_antwoord
    WHERE is_zonder_declaratie
    UNION ALL
    SELECT 'tweede_antwoord', bericht_nr, NULL, NULL, totaal_toegekend_centen FROM los_antwoord
    WHERE NOT is_zonder_declaratie
    UNION ALL
    SELECT 'afkeuring_zonder_prestatie', bericht_nr, regel_nr, NULL, ingediend_centen FROM losse_afkeuring
    UNION ALL
    SELECT 'toewijzing_onbekend', bericht_nr, regel_nr, NULL, ingediend_centen FROM vergeleken
    WHERE is_toewijzing_onbekend
    UNION ALL
    SELECT 'code_van_andere_gemeente', bericht_nr, regel_nr, NULL, ingediend_centen FROM vergeleken
    WHERE is_andere_code AND is_van_andere_gemeente
    UNION ALL
    SELECT 'andere_productcode', bericht_nr, regel_nr, NULL, ingediend_centen FROM vergeleken
    WHERE is_andere_code AND NOT is_van_andere_gemeente
    UNION ALL
    SELECT 'credit_zonder_debet', bericht_nr, regel_nr, NULL, ingediend_centen FROM vergeleken
    WHERE is_credit AND debet_centen IS NULL
    UNION ALL
    SELECT 'credit_ander_bedrag', bericht_nr, regel_nr, -debet_centen, ingediend_centen FROM vergeleken
    WHERE is_credit AND ingediend_centen <> -debet_centen
    UNION ALL
    SELECT 'dubbel_toegekend', bericht_nr, regel_nr, 0, toegekend_centen FROM vergeleken
    WHERE toegekend_centen > 0 AND hoeveelste > 1
    UNION ALL
    SELECT 'dubbel_gecrediteerd', bericht_nr, regel_nr, 0, ingediend_centen FROM vergeleken
    WHERE is_credit AND ingediend_centen = -debet_centen AND hoeveelste_credit > 1
)
-- noqa: enable=LT09

SELECT
    verschil.soort
    , bericht.gemeente
    , bericht.wet
    , bericht.berichttype
    , COALESCE(bericht.declaratie_identificatie, bericht.identificatie) AS identificatie
    , COALESCE(prestatie.referentie_nummer, afkeuring.referentie_nummer) AS referentie_nummer
    , COALESCE(prestatie.product_code, afkeuring.product_code) AS product_code
    , CAST(verschil.verwacht_centen / CAST(100 AS DOUBLE) AS DECIMAL(18, 2)) AS verwacht_euro
    , CAST(verschil.gevonden_centen / CAST(100 AS DOUBLE) AS DECIMAL(18, 2)) AS gevonden_euro
    , CAST(bericht.bericht_id AS VARCHAR) AS bericht_id
FROM verschil
LEFT JOIN verantwoording_prestatie AS prestatie
    ON
        verschil.bericht_nr = prestatie.bericht_nr
        AND verschil.regel_nr = prestatie.regel_nr
LEFT JOIN losse_afkeuring AS afkeuring
    ON
        verschil.bericht_nr = afkeuring.bericht_nr
        AND verschil.regel_nr = afkeuring.regel_nr
INNER JOIN verkeer.telbaar_bericht AS bericht ON COALESCE(afkeuring.declaratie_nr, verschil.bericht_nr) = bericht.bericht_nr
ORDER BY
    bericht.gemeente
    , bericht.wet
    , verschil.soort
    , identificatie
    , bericht.bericht_id
    , referentie_nummer NULLS FIRST
    , verschil.gevonden_centen
