-- One row per group of cases of the norms: those of the party by all that may explain them, the rest of the country as a whole.
-- Reads `norm_geval`, in which aan_zet is who must act, `vraag` (one row: soort and code of the party), `te_duiden` and `geval_categorie`.
SELECT
    eigen.kpi
    , eigen.aan_zet
    , TRUE AS is_eigen
    , eigen.regelcode
    , eigen.toestand
    , eigen.start_dag
    , eigen.tegenpartij
    , categorie.product_categorie
    , COUNT(*) AS aantal
FROM te_duiden AS eigen
LEFT JOIN geval_categorie AS categorie ON eigen.geval_id = categorie.geval_id
GROUP BY
    eigen.kpi
    , eigen.aan_zet
    , eigen.regelcode
    , eigen.toestand
    , eigen.start_dag
    , eigen.tegenpartij
    , categorie.product_categorie
UNION ALL
SELECT
    geval.kpi
    , geval.aan_zet
    , FALSE AS is_eigen
    , geval.regelcode
    , geval.toestand
    , CAST(NULL AS DATE) AS start_dag
    , CAST(NULL AS VARCHAR) AS tegenpartij
    , CAST(NULL AS VARCHAR) AS product_categorie
    , COUNT(*) AS aantal
FROM norm_geval AS geval
CROSS JOIN vraag
WHERE
    geval.toestand IN ('binnen_norm', 'buiten_norm', 'lopend')
    AND vraag.code IS DISTINCT FROM CASE WHEN vraag.soort = 'gemeente' THEN geval.gemeente ELSE geval.aanbieder END
GROUP BY geval.kpi, geval.aan_zet, geval.regelcode, geval.toestand
