-- One row per wet, gemeente and product_code in a line of a message that is touched, with the jeugdregio: whoever uses a code with
-- others may begin or cease to. Lines of a gemeente without one are compared with no other's.
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

SELECT DISTINCT
    zending.wet
    , zending.gemeente
    , gemeente.jeugdregio
    , regel.product_code
FROM regel
INNER JOIN temp.geraakt_zending AS zending ON regel.bericht_nr = zending.bericht_nr
INNER JOIN verkeer.gemeente AS gemeente ON zending.gemeente = gemeente.gemeente
WHERE
    regel.product_code IS NOT NULL
    AND gemeente.jeugdregio IS NOT NULL
