-- One row per set of codes that messages hold, with how many hold it. Reads `gevallen`: rows of `in_bericht`, all of each message.
WITH bericht AS (
    SELECT
        bericht_nr
        , ARRAY_AGG(
            STRUCT_PACK(
                wet := wet
                , product_categorie := product_categorie
                , product_code := product_code
                , tijdvak_dag := tijdvak_dag
                , oordeel := oordeel
            )
            ORDER BY wet, product_categorie, product_code, tijdvak_dag, oordeel
        ) AS codes
    FROM gevallen
    GROUP BY bericht_nr
)

SELECT
    codes
    , COUNT(*) AS aantal
FROM bericht
GROUP BY codes
