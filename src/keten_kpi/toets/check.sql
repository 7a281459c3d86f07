-- One row per group of cases of the norms: those of the party by all that may explain them, the rest of the country as a whole.
-- Reads `norm_geval`, in which aan_zet is who must act, and `vraag` (one row: soort and code of the party).
WITH geval AS (
    SELECT
        geval.kpi
        , geval.wet
        , geval.geval_id
        , geval.start_bericht_id
        , geval.berichttype
        , geval.start_dag
        , geval.toestand
        , geval.regelcode
        , geval.aan_zet
        , CASE WHEN vraag.soort = 'gemeente' THEN geval.aanbieder ELSE geval.gemeente END AS tegenpartij
        , COALESCE(vraag.code = CASE WHEN vraag.soort = 'gemeente' THEN geval.gemeente ELSE geval.aanbieder END, FALSE) AS is_eigen
    FROM norm_geval AS geval
    CROSS JOIN vraag
    WHERE geval.toestand IN ('binnen_norm', 'buiten_norm', 'lopend')
)

-- geval_id is the id of the message, and after it the number of the line where a line is the case
, eigen AS (
    SELECT
        geval.kpi
        , geval.aan_zet
        , geval.regelcode
        , geval.berichttype
        , geval.start_dag
        , geval.toestand
        , geval.tegenpartij
        , CAST(SUBSTR(geval.geval_id, 1, LENGTH(CAST(geval.start_bericht_id AS VARCHAR))) AS UUID) AS bericht_id
        , TRY_CAST(SUBSTR(geval.geval_id, LENGTH(CAST(geval.start_bericht_id AS VARCHAR)) + 2) AS INTEGER) AS regel_nr
    FROM geval
    WHERE geval.is_eigen
)

, eigen_bericht AS (
    SELECT
        bericht.bericht_nr
        , bericht.bericht_id
    FROM bron.bericht AS bericht
    WHERE bericht.bericht_id IN (SELECT eigen.bericht_id FROM eigen)
)

-- lines that may be a case by themselves, and lines that only tell what their message is about
, regel AS (
    SELECT
        bericht_nr
        , regel_nr
        , product_categorie
    FROM bron.aangevraagd_product
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
        , product_categorie
    FROM bron.start_product
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
        , product_categorie
    FROM bron.stop_product
    UNION ALL
    SELECT
        bericht_nr
        , CAST(NULL AS INTEGER) AS regel_nr
        , product_categorie
    FROM bron.toegewezen_product
    UNION ALL
    SELECT
        bericht_nr
        , CAST(NULL AS INTEGER) AS regel_nr
        , product_categorie
    FROM bron.verzoek_wijziging_product
    UNION ALL
    SELECT
        bericht_nr
        , CAST(NULL AS INTEGER) AS regel_nr
        , product_categorie
    FROM bron.prestatie
)

, eigen_regel AS (
    SELECT
        bericht.bericht_id
        , regel.regel_nr
        , regel.product_categorie
    FROM regel
    INNER JOIN eigen_bericht AS bericht ON regel.bericht_nr = bericht.bericht_nr
    WHERE regel.product_categorie IS NOT NULL
)

, categorie_van_bericht AS (
    SELECT
        bericht_id
        , MIN(product_categorie) AS product_categorie
    FROM eigen_regel
    GROUP BY bericht_id
    HAVING COUNT(DISTINCT product_categorie) = 1
)

SELECT
    eigen.kpi
    , eigen.aan_zet
    , TRUE AS is_eigen
    , eigen.regelcode
    , eigen.toestand
    , eigen.start_dag
    , eigen.tegenpartij
    , COALESCE(regel.product_categorie, bericht.product_categorie) AS product_categorie
    , COUNT(*) AS aantal
FROM eigen
LEFT JOIN eigen_regel AS regel
    ON
        eigen.bericht_id = regel.bericht_id
        AND eigen.regel_nr = regel.regel_nr
LEFT JOIN categorie_van_bericht AS bericht ON eigen.bericht_id = bericht.bericht_id
GROUP BY
    eigen.kpi
    , eigen.aan_zet
    , eigen.regelcode
    , eigen.toestand
    , eigen.start_dag
    , eigen.tegenpartij
    , COALESCE(regel.product_categorie, bericht.product_categorie)
UNION ALL
SELECT
    kpi
    , aan_zet
    , FALSE AS is_eigen
    , regelcode
    , toestand
    , CAST(NULL AS DATE) AS start_dag
    , CAST(NULL AS VARCHAR) AS tegenpartij
    , CAST(NULL AS VARCHAR) AS product_categorie
    , COUNT(*) AS aantal
FROM geval
WHERE NOT is_eigen
GROUP BY kpi, aan_zet, regelcode, toestand
