-- One row per wet, jeugdregio and product_code that a gemeente began or ceased to use: how widely it is used may be another.
-- Where a gemeente began or ceased to send lines at all, each code of its jeugdregio.
WITH regel AS (
    SELECT
        bericht_nr
        , product_code
    FROM bron.aangevraagd_product
    UNION ALL
    SELECT
        bericht_nr
        , product_code
    FROM bron.toegewezen_product
    UNION ALL
    SELECT
        bericht_nr
        , product_code
    FROM bron.start_product
    UNION ALL
    SELECT
        bericht_nr
        , product_code
    FROM bron.stop_product
    UNION ALL
    SELECT
        bericht_nr
        , product_code
    FROM bron.verzoek_wijziging_product
    UNION ALL
    SELECT
        bericht_nr
        , product_code
    FROM bron.prestatie
)

, geraakt AS (
    SELECT DISTINCT
        zending.wet
        , zending.gemeente
        , regel.product_code
    FROM regel
    INNER JOIN temp.geraakt_zending AS zending ON regel.bericht_nr = zending.bericht_nr
    WHERE regel.product_code IS NOT NULL
)

, anders AS (
    SELECT
        geraakt.wet
        , geraakt.gemeente
        , geraakt.product_code
    FROM geraakt
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
        , anders.gemeente
    FROM anders
    LEFT JOIN temp.deel_code AS ander
        ON
            anders.wet = ander.wet
            AND anders.gemeente = ander.gemeente
    WHERE ander.gemeente IS NULL
)

SELECT
    anders.wet
    , gemeente.jeugdregio
    , anders.product_code
FROM anders
INNER JOIN verkeer.gemeente AS gemeente ON anders.gemeente = gemeente.gemeente
WHERE gemeente.jeugdregio IS NOT NULL
UNION
SELECT
    ander.wet
    , gemeente.jeugdregio
    , ander.product_code
FROM andere_gemeente
INNER JOIN verkeer.gemeente AS gemeente ON andere_gemeente.gemeente = gemeente.gemeente
INNER JOIN verkeer.gemeente AS buur ON gemeente.jeugdregio = buur.jeugdregio
INNER JOIN temp.deel_code AS ander
    ON
        andere_gemeente.wet = ander.wet
        AND buur.gemeente = ander.gemeente
