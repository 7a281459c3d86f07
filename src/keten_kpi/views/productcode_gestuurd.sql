-- One row per wet, product_categorie and product_code sent in either wet: what the lists of that wet know of the code, whatever the day.
-- A lacune counts while its vintage is the newest of its list: a complete newer list ends it.
WITH gestuurd AS (
    SELECT
        product_categorie
        , product_code
    FROM bron.aangevraagd_product
    UNION
    SELECT
        product_categorie
        , product_code
    FROM bron.toegewezen_product
    UNION
    SELECT
        product_categorie
        , product_code
    FROM bron.start_product
    UNION
    SELECT
        product_categorie
        , product_code
    FROM bron.stop_product
    UNION
    SELECT
        product_categorie
        , product_code
    FROM bron.verzoek_wijziging_product
    UNION
    SELECT
        product_categorie
        , product_code
    FROM bron.prestatie
)

, wetten AS (
    SELECT DISTINCT wet
    FROM verkeer.codelijst
)

, per_wet AS (
    SELECT
        wetten.wet
        , gestuurd.product_categorie
        , gestuurd.product_code
    FROM gestuurd
    CROSS JOIN wetten
)

, vermeld AS (
    SELECT
        wet
        , code
        , MIN(van_dag) AS eerste_dag
    FROM verkeer.productcode_periode
    GROUP BY wet, code
)

, vermelde_categorie AS (
    SELECT DISTINCT
        wet
        , code
        , categorie
    FROM verkeer.productcode_geldig
)

, niet_gedekt AS (
    SELECT DISTINCT
        per_wet.wet
        , per_wet.product_categorie
        , per_wet.product_code
    FROM per_wet
    INNER JOIN verkeer.codelijst_lacune AS lacune ON per_wet.wet = lacune.wet
    INNER JOIN verkeer.codelijst_geldend AS lijst
        ON
            lacune.wet = lijst.wet
            AND lacune.codelijst = lijst.codelijst
            AND lacune.lijstversie = lijst.lijstversie
    WHERE
        per_wet.product_categorie = lacune.categorie
        OR REGEXP_MATCHES(per_wet.product_code, '^(' || lacune.code_patroon || ')$')
)

SELECT
    per_wet.wet
    , per_wet.product_categorie
    , per_wet.product_code
    , vermeld.eerste_dag
    , vermeld.code IS NOT NULL
    AND vermelde_categorie.code IS NULL
    AND per_wet.product_categorie IS NOT NULL AS is_andere_categorie
    , vermeld.code IS NULL AND niet_gedekt.product_code IS NOT NULL AS is_niet_gedekt
FROM per_wet
LEFT JOIN vermeld
    ON
        per_wet.wet = vermeld.wet
        AND per_wet.product_code = vermeld.code
LEFT JOIN vermelde_categorie
    ON
        per_wet.wet = vermelde_categorie.wet
        AND per_wet.product_code = vermelde_categorie.code
        AND per_wet.product_categorie = vermelde_categorie.categorie
LEFT JOIN niet_gedekt
    ON
        per_wet.wet = niet_gedekt.wet
        AND per_wet.product_categorie IS NOT DISTINCT FROM niet_gedekt.product_categorie
        AND per_wet.product_code = niet_gedekt.product_code
