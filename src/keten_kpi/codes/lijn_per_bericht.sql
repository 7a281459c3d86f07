-- One row per message and code in it that deviates, is unknown or is in `codes_kaart`, with its verdict. Reads `codes_bericht`.
SELECT
    ROW_NUMBER() OVER () AS geval_id
    , regel.bericht_nr
    , regel.wet
    , CAST(NULL AS VARCHAR) AS gemeente
    , CAST(NULL AS VARCHAR) AS aanbieder
    , CAST(NULL AS DATE) AS dagtekening
    , CAST(NULL AS VARCHAR) AS client_sleutel
    , regel.product_categorie
    , regel.product_code
    , regel.oordeel_dag
    , regel.oordeel
    , CAST(NULL AS VARCHAR) AS reden_afwijking
    , CAST(NULL AS VARCHAR) AS eenheid
FROM codes_bericht AS regel
WHERE
    regel.oordeel <> 'landelijk'
    OR EXISTS (
        SELECT 1
        FROM codes_kaart AS kaart
        WHERE
            regel.wet = kaart.wet
            AND regel.product_code = kaart.van
    )
