-- One row per wet, gemeente and product_code that has a say, in lines that did not change, with the message of one: that stands for
-- all of them. In a jeugdregio of a touched line these are the codes touched there, and one of each gemeente; or every code, where
-- a gemeente began or ceased to send lines at all.
WITH gebruik AS (
    SELECT
        regel.wet
        , regel.gemeente
        , regel.product_code
        , MIN(regel.bericht_id) AS bericht_id
    FROM temp.stand_codevariatie AS regel
    WHERE regel.bericht_id NOT IN (SELECT zending.bericht_id FROM temp.geraakt_zending AS zending)
    GROUP BY regel.wet, regel.gemeente, regel.product_code
)

, regio AS (
    SELECT
        geraakt.wet
        , geraakt.jeugdregio
        , BOOL_OR(gebruik.gemeente IS NULL) AS heeft_andere_gemeente
    FROM temp.geraakt_gebruik AS geraakt
    LEFT JOIN gebruik
        ON
            geraakt.wet = gebruik.wet
            AND geraakt.gemeente = gebruik.gemeente
    GROUP BY geraakt.wet, geraakt.jeugdregio
)

, in_regio AS (
    SELECT
        gebruik.wet
        , gebruik.gemeente
        , regio.jeugdregio
        , regio.heeft_andere_gemeente
        , gebruik.product_code
        , gebruik.bericht_id
        , ROW_NUMBER() OVER (PARTITION BY gebruik.wet, gebruik.gemeente ORDER BY gebruik.product_code) AS volgnr
    FROM gebruik
    INNER JOIN verkeer.gemeente AS gemeente ON gebruik.gemeente = gemeente.gemeente
    INNER JOIN regio
        ON
            gebruik.wet = regio.wet
            AND gemeente.jeugdregio = regio.jeugdregio
)

SELECT
    wet
    , gemeente
    , product_code
    , bericht_id
FROM in_regio
WHERE
    volgnr = 1
    OR heeft_andere_gemeente
    OR (wet, jeugdregio, product_code) IN (
        SELECT (geraakt.wet, geraakt.jeugdregio, geraakt.product_code)
        FROM temp.geraakt_gebruik AS geraakt
    )
