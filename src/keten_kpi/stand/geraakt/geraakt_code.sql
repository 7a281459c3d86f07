-- One row per wet, jeugdregio and product_code that a gemeente began or ceased to use: how widely it is used may be another.
-- Where a gemeente began or ceased to send lines at all, each code of its jeugdregio.
WITH anders AS (
    SELECT
        geraakt.wet
        , geraakt.gemeente
        , geraakt.jeugdregio
        , geraakt.product_code
    FROM temp.geraakt_gebruik AS geraakt
    LEFT JOIN temp.deel_code AS ander
        ON
            geraakt.wet = ander.wet
            AND geraakt.gemeente = ander.gemeente
            AND geraakt.product_code = ander.product_code
    WHERE ander.gemeente IS NULL
)

, andere_gemeente AS (
    SELECT
        anders.wet
        , anders.jeugdregio
    FROM anders
    LEFT JOIN temp.deel_code AS ander
        ON
            anders.wet = ander.wet
            AND anders.gemeente = ander.gemeente
    WHERE ander.gemeente IS NULL
)

SELECT
    wet
    , jeugdregio
    , product_code
FROM anders
UNION
SELECT
    ander.wet
    , buur.jeugdregio
    , ander.product_code
FROM andere_gemeente
INNER JOIN verkeer.gemeente AS buur ON andere_gemeente.jeugdregio = buur.jeugdregio
INNER JOIN temp.deel_code AS ander
    ON
        andere_gemeente.wet = ander.wet
        AND buur.gemeente = ander.gemeente
