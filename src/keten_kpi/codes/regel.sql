-- One row per product line with a code, with its verdict, its unit where a line has one, and the code that a map gives it.
-- Reads `codes_lijn` (the lines without a map) and `codes_kaart`: rows of the map; the row that says most (gemeente, then categorie) holds.
WITH gekozen AS (
    SELECT
        lijn.geval_id
        , kaart.naar
        , kaart.naar_categorie
    FROM codes_lijn AS lijn
    INNER JOIN codes_kaart AS kaart
        ON
            lijn.wet = kaart.wet
            AND lijn.product_code = kaart.van
            AND (kaart.gemeente IS NULL OR lijn.gemeente = kaart.gemeente)
            AND (kaart.categorie IS NULL OR lijn.product_categorie = kaart.categorie)
    QUALIFY
        ROW_NUMBER() OVER (
            PARTITION BY lijn.geval_id
            ORDER BY
                kaart.gemeente NULLS LAST
                , kaart.categorie NULLS LAST
        ) = 1
)

, met_code AS (
    SELECT
        lijn.geval_id
        , lijn.bericht_nr
        , lijn.wet
        , lijn.gemeente
        , lijn.aanbieder
        , lijn.dagtekening
        , lijn.client_sleutel
        , lijn.product_categorie
        , lijn.product_code
        , lijn.oordeel_dag
        , lijn.oordeel
        , lijn.reden_afwijking
        , lijn.eenheid
        , gekozen.naar IS NOT NULL AS is_vervangen
        , COALESCE(gekozen.naar, lijn.product_code) AS nieuwe_code
        , COALESCE(gekozen.naar_categorie, lijn.product_categorie) AS nieuwe_categorie
    FROM codes_lijn AS lijn
    LEFT JOIN gekozen ON lijn.geval_id = gekozen.geval_id
)

, vermeld AS (
    SELECT DISTINCT
        wet
        , code
    FROM verkeer.productcode_periode
)

-- codes of the map that the lists at hand cannot judge, as productcode_gestuurd tells it of codes that were sent
, niet_gedekt AS (
    SELECT DISTINCT
        nieuw.wet
        , nieuw.nieuwe_code
        , nieuw.nieuwe_categorie
    FROM met_code AS nieuw
    INNER JOIN verkeer.codelijst_lacune AS lacune ON nieuw.wet = lacune.wet
    INNER JOIN verkeer.codelijst_geldend AS lijst
        ON
            lacune.wet = lijst.wet
            AND lacune.codelijst = lijst.codelijst
            AND lacune.lijstversie = lijst.lijstversie
    WHERE
        nieuw.is_vervangen
        AND (
            nieuw.nieuwe_categorie = lacune.categorie
            OR REGEXP_MATCHES(nieuw.nieuwe_code, '^(' || lacune.code_patroon || ')$')
        )
)

SELECT
    regel.geval_id
    , regel.bericht_nr
    , regel.wet
    , regel.gemeente
    , regel.aanbieder
    , regel.dagtekening
    , regel.client_sleutel
    , regel.product_categorie
    , regel.product_code
    , regel.oordeel
    , regel.reden_afwijking
    , regel.eenheid
    , regel.is_vervangen
    , regel.nieuwe_code
    , CASE
        WHEN NOT regel.is_vervangen THEN regel.oordeel
        WHEN periode.code IS NOT NULL THEN 'landelijk'
        WHEN vermeld.code IS NULL AND niet_gedekt.nieuwe_code IS NOT NULL THEN 'onbekend'
        ELSE 'afwijkend'
    END AS nieuw_oordeel
FROM met_code AS regel
LEFT JOIN verkeer.productcode_periode AS periode
    ON
        regel.wet = periode.wet
        AND regel.nieuwe_code = periode.code
        AND regel.oordeel_dag BETWEEN periode.van_dag AND periode.tot_dag
LEFT JOIN vermeld
    ON
        regel.wet = vermeld.wet
        AND regel.nieuwe_code = vermeld.code
LEFT JOIN niet_gedekt
    ON
        regel.wet = niet_gedekt.wet
        AND regel.nieuwe_code = niet_gedekt.nieuwe_code
        AND regel.nieuwe_categorie IS NOT DISTINCT FROM niet_gedekt.nieuwe_categorie
