-- One row per case of `te_duiden` (geval_id, start_bericht_id) whose product category is known.
-- geval_id is the id of the message, and after it the number of the line where a line is the case.
WITH geval AS (
    SELECT DISTINCT
        geval_id
        , CAST(SUBSTR(geval_id, 1, LENGTH(CAST(start_bericht_id AS VARCHAR))) AS UUID) AS bericht_id
        , TRY_CAST(SUBSTR(geval_id, LENGTH(CAST(start_bericht_id AS VARCHAR)) + 2) AS INTEGER) AS regel_nr
    FROM te_duiden
)

, geval_bericht AS (
    SELECT
        bericht.bericht_nr
        , bericht.bericht_id
    FROM bron.bericht AS bericht
    WHERE bericht.bericht_id IN (SELECT geval.bericht_id FROM geval)
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

, geval_regel AS (
    SELECT
        bericht.bericht_id
        , regel.regel_nr
        , regel.product_categorie
    FROM regel
    INNER JOIN geval_bericht AS bericht ON regel.bericht_nr = bericht.bericht_nr
    WHERE regel.product_categorie IS NOT NULL
)

, categorie_van_bericht AS (
    SELECT
        bericht_id
        , MIN(product_categorie) AS product_categorie
    FROM geval_regel
    GROUP BY bericht_id
    HAVING COUNT(DISTINCT product_categorie) = 1
)

SELECT
    geval.geval_id
    , COALESCE(regel.product_categorie, bericht.product_categorie) AS product_categorie
FROM geval
LEFT JOIN geval_regel AS regel
    ON
        geval.bericht_id = regel.bericht_id
        AND geval.regel_nr = regel.regel_nr
LEFT JOIN categorie_van_bericht AS bericht ON geval.bericht_id = bericht.bericht_id
WHERE COALESCE(regel.product_categorie, bericht.product_categorie) IS NOT NULL
