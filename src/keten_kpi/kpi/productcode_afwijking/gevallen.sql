-- One row per product line as sent, with the verdict on its ProductCode.
WITH geldende_lijst AS (
    SELECT
        wet
        , STRING_AGG(codelijst || ' ' || lijstversie, ', ' ORDER BY codelijst) AS lijsten
    FROM verkeer.codelijst_geldend
    GROUP BY wet
)

, getoetst AS (
    SELECT
        regel.bericht_nr
        , regel.bericht_id
        , regel.regel_nr
        , regel.wet
        , regel.gemeente
        , regel.aanbieder
        , regel.release
        , regel.berichttype
        , regel.dagtekening
        , regel.toewijzing_nummer
        , regel.product_categorie
        , regel.product_code
        , regel.oordeel_dag
        , kenmerk.eerste_dag
        , kenmerk.is_andere_categorie
        , kenmerk.is_niet_gedekt
        , periode.code IS NOT NULL AS is_geldig
    FROM verkeer.productregel AS regel
    LEFT JOIN verkeer.productcode_gestuurd AS kenmerk
        ON
            regel.wet = kenmerk.wet
            AND regel.product_code = kenmerk.product_code
            AND regel.product_categorie IS NOT DISTINCT FROM kenmerk.product_categorie
    LEFT JOIN verkeer.productcode_periode AS periode
        ON
            regel.wet = periode.wet
            AND regel.product_code = periode.code
            AND regel.oordeel_dag BETWEEN periode.van_dag AND periode.tot_dag
)

, geoordeeld AS (
    SELECT
        bericht_nr
        , bericht_id
        , regel_nr
        , wet
        , gemeente
        , aanbieder
        , release
        , berichttype
        , dagtekening
        , toewijzing_nummer
        , product_categorie
        , product_code
        , oordeel_dag
        , eerste_dag
        , is_andere_categorie
        , CASE
            WHEN product_code IS NULL THEN NULL
            WHEN is_geldig THEN 'landelijk'
            WHEN is_niet_gedekt THEN 'onbekend'
            ELSE 'afwijkend'
        END AS oordeel
    FROM getoetst
)

SELECT
    CAST(regel.bericht_id AS VARCHAR) || '-' || regel.regel_nr AS geval_id
    , regel.bericht_nr
    , regel.bericht_id
    , regel.wet
    , regel.gemeente
    , regel.aanbieder
    , regel.release
    , regel.berichttype
    , regel.dagtekening
    , regel.toewijzing_nummer
    , regel.product_categorie
    , regel.product_code
    , regel.oordeel_dag
    , regel.oordeel
    , CASE
        WHEN regel.oordeel <> 'afwijkend' OR regel.oordeel IS NULL THEN NULL
        WHEN regel.eerste_dag IS NULL THEN 'niet_in_lijst'
        WHEN regel.oordeel_dag < regel.eerste_dag THEN 'nog_niet_geldig'
        ELSE 'vervallen_code'
    END AS reden_afwijking
    , COALESCE(regel.is_andere_categorie, FALSE) AS is_andere_categorie
    , lijst.lijsten
    , CASE WHEN regel.product_code IS NULL THEN 'zonder_code' END AS reden_telt_niet
FROM geoordeeld AS regel
LEFT JOIN geldende_lijst AS lijst ON regel.wet = lijst.wet
