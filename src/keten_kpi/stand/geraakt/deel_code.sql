-- One row per wet, gemeente and product_code in lines that did not change, with one of those lines: it stands for all of them.
SELECT
    regel.wet
    , regel.gemeente
    , regel.product_code
    , MIN(regel.geval_id) AS geval_id
    , MIN_BY(regel.bericht_id, regel.geval_id) AS bericht_id
FROM temp.stand_codevariatie AS regel
WHERE regel.bericht_id NOT IN (SELECT zending.bericht_id FROM temp.geraakt_zending AS zending)
GROUP BY regel.wet, regel.gemeente, regel.product_code
