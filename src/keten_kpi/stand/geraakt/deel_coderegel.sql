-- One row per product line that has a say in how widely a code is used, or about which that may be another now: that is touched.
WITH regel AS (
    SELECT
        bericht_nr
        , regel_nr
        , product_code
    FROM bron.aangevraagd_product
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
        , product_code
    FROM bron.toegewezen_product
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
        , product_code
    FROM bron.start_product
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
        , product_code
    FROM bron.stop_product
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
        , product_code
    FROM bron.verzoek_wijziging_product
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
        , product_code
    FROM bron.prestatie
)

, gezocht AS (
    SELECT
        geval.bericht_id
        , geval.product_code
        , TRUE AS is_geraakt
    FROM temp.stand_codevariatie AS geval
    INNER JOIN temp.geraakt_code AS geraakt
        ON
            geval.wet = geraakt.wet
            AND geval.jeugdregio = geraakt.jeugdregio
            AND geval.product_code = geraakt.product_code
    UNION ALL
    SELECT
        bericht_id
        , product_code
        , FALSE AS is_geraakt
    FROM temp.deel_code
)

, bericht_code AS (
    SELECT
        bericht_id
        , product_code
        , BOOL_OR(is_geraakt) AS is_geraakt
    FROM gezocht
    GROUP BY bericht_id, product_code
)

, bericht AS (
    SELECT
        bericht_nr
        , bericht_id
    FROM bron.bericht
    WHERE bericht_id IN (SELECT gezocht.bericht_id FROM gezocht)
)

, code AS (
    SELECT
        bericht.bericht_nr
        , bericht.bericht_id
        , bericht_code.product_code
        , bericht_code.is_geraakt
    FROM bericht_code
    INNER JOIN bericht ON bericht_code.bericht_id = bericht.bericht_id
)

SELECT
    code.bericht_nr
    , CAST(code.bericht_id AS VARCHAR) || '-' || regel.regel_nr AS geval_id
    , regel.regel_nr
    , code.is_geraakt
FROM regel
INNER JOIN code
    ON
        regel.bericht_nr = code.bericht_nr
        AND regel.product_code = code.product_code
