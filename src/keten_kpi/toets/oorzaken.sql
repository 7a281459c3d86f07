-- One row per gemeente, state and value of what may explain it: how many of the judged cases in which it must act have that.
-- Reads `te_duiden`, `geval_categorie` and `maandeinde` (one row: its dagen). kenmerk tells which of the values a row is about.
WITH geval AS (
    SELECT
        geval.gemeente
        , geval.toestand
        , geval.aanbieder
        , categorie.product_categorie
        , EXTRACT(ISODOW FROM geval.start_dag) AS weekdag_nr
        , LAST_DAY(geval.start_dag) - geval.start_dag < maandeinde.dagen AS is_maandeinde
    FROM te_duiden AS geval
    CROSS JOIN maandeinde
    LEFT JOIN geval_categorie AS categorie ON geval.geval_id = categorie.geval_id
)

SELECT
    gemeente
    , toestand
    , CASE
        WHEN GROUPING(aanbieder) = 0 THEN 'aanbieder'
        WHEN GROUPING(product_categorie) = 0 THEN 'productcategorie'
        ELSE 'dag'
    END AS kenmerk
    , aanbieder
    , product_categorie
    , weekdag_nr
    , is_maandeinde
    , COUNT(*) AS aantal
FROM geval
GROUP BY GROUPING SETS (
    (gemeente, toestand, aanbieder)
    , (gemeente, toestand, product_categorie)
    , (gemeente, toestand, weekdag_nr, is_maandeinde)
)
