-- One row per thing that does not add up between declaraties and their answers, for care that ended in the year.
-- verwacht is what follows from the prestaties, gevonden what a message says instead.
WITH som AS (
    SELECT
        bericht_nr
        , bericht_id
        , gemeente
        , wet
        , berichttype
        , identificatie
        , antwoord_nr
        , SUM(ingediend_centen) AS ingediend_centen
        , SUM(toegekend_centen) AS toegekend_centen
    FROM verantwoording_prestatie
    GROUP BY bericht_nr, bericht_id, gemeente, wet, berichttype, identificatie, antwoord_nr
    HAVING BOOL_OR(is_jaar)
)

, getotaliseerd AS (
    SELECT
        som.bericht_nr
        , som.bericht_id
        , som.gemeente
        , som.wet
        , som.berichttype
        , som.identificatie
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

, van_declaratie AS (
    SELECT
        'declaratie_zonder_antwoord' AS soort
        , bericht_id
        , gemeente
        , wet
        , berichttype
        , identificatie
        , ingediend_centen AS verwacht_centen
        , CAST(NULL AS BIGINT) AS gevonden_centen
    FROM getotaliseerd
    WHERE antwoord_nr IS NULL
    UNION ALL
    SELECT
        'declaratietotaal' AS soort
        , bericht_id
        , gemeente
        , wet
        , berichttype
        , identificatie
        , ingediend_centen AS verwacht_centen
        , totaal_ingediend_centen AS gevonden_centen
    FROM getotaliseerd
    WHERE ingediend_centen <> totaal_ingediend_centen
    UNION ALL
    SELECT
        'antwoordtotaal' AS soort
        , bericht_id
        , gemeente
        , wet
        , berichttype
        , identificatie
        , totaal_ingediend_centen AS verwacht_centen
        , antwoord_ingediend_centen AS gevonden_centen
    FROM getotaliseerd
    WHERE totaal_ingediend_centen <> antwoord_ingediend_centen
    UNION ALL
    SELECT
        'toekenningstotaal' AS soort
        , bericht_id
        , gemeente
        , wet
        , berichttype
        , identificatie
        , toegekend_centen AS verwacht_centen
        , totaal_toegekend_centen AS gevonden_centen
    FROM getotaliseerd
    WHERE toegekend_centen <> totaal_toegekend_centen
)

-- an answer of which the declaratie is not known, or that is not the first: no care says its year, so the day it names does
, antwoord AS (
    SELECT
        CASE WHEN declaratie.bericht_nr IS NULL THEN 'antwoord_zonder_declaratie' ELSE 'tweede_antwoord' END AS soort
        , bericht.bericht_id
        , bericht.gemeente
        , bericht.wet
        , bericht.berichttype
        , COALESCE(bericht.declaratie_identificatie, bericht.identificatie) AS identificatie
        , CAST(NULL AS BIGINT) AS verwacht_centen
        , totaal.totaal_toegekend_centen AS gevonden_centen
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

, afkeuring AS (
    SELECT
        'afkeuring_zonder_prestatie' AS soort
        , som.bericht_id
        , som.gemeente
        , som.wet
        , som.berichttype
        , som.identificatie
        , regel.referentie_nummer
        , regel.product_code
        , CAST(NULL AS BIGINT) AS verwacht_centen
        , regel.ingediend_centen AS gevonden_centen
    FROM verkeer.afgekeurde_prestatie AS regel
    INNER JOIN som ON regel.bericht_nr = som.antwoord_nr
    LEFT JOIN verantwoording_prestatie AS prestatie
        ON
            som.bericht_nr = prestatie.bericht_nr
            AND regel.referentie_nummer = prestatie.referentie_nummer
    WHERE prestatie.bericht_nr IS NULL
)

, code_van_gemeente AS (
    SELECT DISTINCT
        wet
        , gemeente
        , product_code
    FROM verkeer.toewijzing
    WHERE product_code IS NOT NULL
)

, op_toewijzing AS (
    SELECT
        CASE
            WHEN toewijzing.toewijzing_nummer IS NULL THEN 'toewijzing_onbekend'
            WHEN
                EXISTS (
                    SELECT 1
                    FROM code_van_gemeente AS elders
                    WHERE
                        elders.wet = prestatie.wet
                        AND elders.product_code = prestatie.product_code
                        AND elders.gemeente <> prestatie.gemeente
                )
                AND NOT EXISTS (
                    SELECT 1
                    FROM code_van_gemeente AS eigen
                    WHERE
                        eigen.wet = prestatie.wet
                        AND eigen.product_code = prestatie.product_code
                        AND eigen.gemeente = prestatie.gemeente
                )
                THEN 'code_van_andere_gemeente'
            ELSE 'andere_productcode'
        END AS soort
        , prestatie.bericht_id
        , prestatie.gemeente
        , prestatie.wet
        , prestatie.berichttype
        , prestatie.identificatie
        , prestatie.referentie_nummer
        , prestatie.product_code
        , CAST(NULL AS BIGINT) AS verwacht_centen
        , prestatie.ingediend_centen AS gevonden_centen
    FROM verantwoording_prestatie AS prestatie
    LEFT JOIN verkeer.toewijzing AS toewijzing
        ON
            prestatie.wet = toewijzing.wet
            AND prestatie.gemeente = toewijzing.gemeente
            AND prestatie.toewijzing_nummer = toewijzing.toewijzing_nummer
    WHERE
        prestatie.is_jaar
        AND prestatie.toewijzing_nummer IS NOT NULL
        AND (toewijzing.toewijzing_nummer IS NULL OR toewijzing.product_code <> prestatie.product_code)
)

, toegekend_debet AS (
    SELECT
        wet
        , gemeente
        , referentie_nummer
        , COUNT(*) AS aantal
        , MAX(ingediend_centen) AS ingediend_centen
        , MAX(toegekend_centen) AS toegekend_centen
    FROM verantwoording_prestatie
    WHERE
        ingediend_centen >= 0
        AND (toegekend_centen IS NULL OR toegekend_centen <> 0)
    GROUP BY wet, gemeente, referentie_nummer
)

, credit AS (
    SELECT
        CASE WHEN debet.referentie_nummer IS NULL THEN 'credit_zonder_debet' ELSE 'credit_ander_bedrag' END AS soort
        , prestatie.bericht_id
        , prestatie.gemeente
        , prestatie.wet
        , prestatie.berichttype
        , prestatie.identificatie
        , prestatie.referentie_nummer
        , prestatie.product_code
        , -COALESCE(debet.toegekend_centen, debet.ingediend_centen) AS verwacht_centen
        , prestatie.ingediend_centen AS gevonden_centen
    FROM verantwoording_prestatie AS prestatie
    LEFT JOIN toegekend_debet AS debet
        ON
            prestatie.wet = debet.wet
            AND prestatie.gemeente = debet.gemeente
            AND prestatie.vorig_referentie_nummer = debet.referentie_nummer
    WHERE
        prestatie.is_jaar
        AND prestatie.ingediend_centen < 0
        AND (prestatie.toegekend_centen IS NULL OR prestatie.toegekend_centen <> 0)
        AND (
            debet.referentie_nummer IS NULL
            OR prestatie.ingediend_centen <> -COALESCE(debet.toegekend_centen, debet.ingediend_centen)
        )
)

-- the same reference granted once more: all but the first sent
, dubbel AS (
    SELECT
        'dubbel_toegekend' AS soort
        , bericht_id
        , gemeente
        , wet
        , berichttype
        , identificatie
        , referentie_nummer
        , product_code
        , CAST(0 AS BIGINT) AS verwacht_centen
        , toegekend_centen AS gevonden_centen
    FROM verantwoording_prestatie
    WHERE
        is_jaar
        AND toegekend_centen > 0
    QUALIFY
        ROW_NUMBER() OVER (
            PARTITION BY wet, gemeente, referentie_nummer
            ORDER BY dagtekening, bericht_id, regel_nr
        ) > 1
)

, verschil AS (
    SELECT
        soort
        , bericht_id
        , gemeente
        , wet
        , berichttype
        , identificatie
        , CAST(NULL AS VARCHAR) AS referentie_nummer
        , CAST(NULL AS VARCHAR) AS product_code
        , verwacht_centen
        , gevonden_centen
    FROM van_declaratie
    UNION ALL
    SELECT
        soort
        , bericht_id
        , gemeente
        , wet
        , berichttype
        , identificatie
        , CAST(NULL AS VARCHAR) AS referentie_nummer
        , CAST(NULL AS VARCHAR) AS product_code
        , verwacht_centen
        , gevonden_centen
    FROM antwoord
    UNION ALL
    SELECT
        soort
        , bericht_id
        , gemeente
        , wet
        , berichttype
        , identificatie
        , referentie_nummer
        , product_code
        , verwacht_centen
        , gevonden_centen
    FROM afkeuring
    UNION ALL
    SELECT
        soort
        , bericht_id
        , gemeente
        , wet
        , berichttype
        , identificatie
        , referentie_nummer
        , product_code
        , verwacht_centen
        , gevonden_centen
    FROM op_toewijzing
    UNION ALL
    SELECT
        soort
        , bericht_id
        , gemeente
        , wet
        , berichttype
        , identificatie
        , referentie_nummer
        , product_code
        , verwacht_centen
        , gevonden_centen
    FROM credit
    UNION ALL
    SELECT
        soort
        , bericht_id
        , gemeente
        , wet
        , berichttype
        , identificatie
        , referentie_nummer
        , product_code
        , verwacht_centen
        , gevonden_centen
    FROM dubbel
)

SELECT
    soort
    , gemeente
    , wet
    , berichttype
    , identificatie
    , referentie_nummer
    , product_code
    , CAST(verwacht_centen / CAST(100 AS DOUBLE) AS DECIMAL(18, 2)) AS verwacht_euro
    , CAST(gevonden_centen / CAST(100 AS DOUBLE) AS DECIMAL(18, 2)) AS gevonden_euro
    , CAST(bericht_id AS VARCHAR) AS bericht_id
FROM verschil
ORDER BY gemeente, wet, soort, identificatie, bericht_id, referentie_nummer NULLS FIRST, gevonden_centen
