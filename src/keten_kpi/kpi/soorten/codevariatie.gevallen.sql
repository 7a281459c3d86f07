-- One row per product line with a code, with how widely its code is used in the jeugdregio.
-- Reads `gevallen`: the lines as the KPI's own SQL gives them.
-- A regio of which only one gemeente sent lines cannot be compared: is_regiocode is NULL there.
WITH regel AS (
    SELECT
        gevallen.geval_id
        , gevallen.bericht_id
        , gevallen.wet
        , gevallen.gemeente
        , gevallen.aanbieder
        , gemeente.jeugdregio
        , gevallen.release
        , gevallen.berichttype
        , gevallen.start_dag
        , gevallen.client_sleutel
        , gevallen.product_categorie
        , gevallen.product_code
        , gevallen.is_eigen_code
        , gevallen.reden_telt_niet
    FROM gevallen
    LEFT JOIN verkeer.gemeente AS gemeente ON gevallen.gemeente = gemeente.gemeente
)

, in_regio AS (
    SELECT
        wet
        , jeugdregio
        , COUNT(DISTINCT gemeente) AS gemeenten
    FROM regel
    GROUP BY wet, jeugdregio
)

, code_in_regio AS (
    SELECT
        wet
        , jeugdregio
        , product_code
        , COUNT(DISTINCT gemeente) AS gemeenten
    FROM regel
    GROUP BY wet, jeugdregio, product_code
)

SELECT
    regel.geval_id
    , regel.bericht_id
    , regel.wet
    , regel.gemeente
    , regel.aanbieder
    , regel.jeugdregio
    , SUBSTR(CAST(regel.start_dag AS VARCHAR), 1, 7) AS maand
    , regel.release
    , regel.berichttype
    , regel.start_dag
    , regel.client_sleutel
    , regel.product_categorie
    , regel.product_code
    , regel.is_eigen_code
    , CASE WHEN in_regio.gemeenten > 1 THEN code_in_regio.gemeenten * 2 >= in_regio.gemeenten END AS is_regiocode
    , regel.reden_telt_niet
FROM regel
LEFT JOIN in_regio
    ON
        regel.wet = in_regio.wet
        AND regel.jeugdregio = in_regio.jeugdregio
LEFT JOIN code_in_regio
    ON
        regel.wet = code_in_regio.wet
        AND regel.jeugdregio = code_in_regio.jeugdregio
        AND regel.product_code = code_in_regio.product_code
