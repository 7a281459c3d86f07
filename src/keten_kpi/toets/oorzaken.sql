-- One row per norm, gemeente and group of its own cases that are alike: what `check` explains a party by, for all gemeenten.
-- Reads `te_duiden`, here the judged cases in which the gemeente must act, and `geval_categorie`.
SELECT
    geval.kpi
    , geval.gemeente
    , geval.toestand
    , geval.start_dag
    , geval.aanbieder AS tegenpartij
    , categorie.product_categorie
    , COUNT(*) AS aantal
FROM te_duiden AS geval
LEFT JOIN geval_categorie AS categorie ON geval.geval_id = categorie.geval_id
GROUP BY
    geval.kpi
    , geval.gemeente
    , geval.toestand
    , geval.start_dag
    , geval.aanbieder
    , categorie.product_categorie
