-- One row per product line that has a say in how widely a code is used, or about which that is another now.
WITH geval AS (
    SELECT
        regel.geval_id
        , regel.bericht_id
    FROM temp.stand_codevariatie AS regel
    INNER JOIN temp.geraakt_code AS geraakt
        ON
            regel.wet = geraakt.wet
            AND regel.jeugdregio = geraakt.jeugdregio
            AND regel.product_code = geraakt.product_code
    UNION
    SELECT
        geval_id
        , bericht_id
    FROM temp.deel_code
)

SELECT
    bericht.bericht_nr
    , geval.geval_id
    , CAST(SUBSTR(geval.geval_id, LENGTH(CAST(geval.bericht_id AS VARCHAR)) + 2) AS INTEGER) AS regel_nr
FROM geval
INNER JOIN verkeer.verzending AS bericht ON geval.bericht_id = bericht.bericht_id
