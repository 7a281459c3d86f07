-- One row per wet, gemeente and product_code in lines that did not change, with the message of one: that stands for all of them.
SELECT
    regel.wet
    , regel.gemeente
    , regel.product_code
    , MIN(regel.bericht_id) AS bericht_id
FROM temp.stand_codevariatie AS regel
WHERE regel.bericht_id NOT IN (SELECT zending.bericht_id FROM temp.geraakt_zending AS zending)
GROUP BY regel.wet, regel.gemeente, regel.product_code
