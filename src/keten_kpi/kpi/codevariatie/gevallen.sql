-- One row per product line with a ProductCode, as sent.
SELECT
    CAST(regel.bericht_id AS VARCHAR) || '-' || regel.regel_nr AS geval_id
    , regel.bericht_id
    , regel.wet
    , regel.gemeente
    , regel.aanbieder
    , regel.release
    , regel.berichttype
    , regel.dagtekening AS start_dag
    , client.client_sleutel
    , regel.product_categorie
    , regel.product_code
    , kenmerk.eerste_dag IS NULL AND NOT kenmerk.is_niet_gedekt AS is_eigen_code
    , CAST(NULL AS VARCHAR) AS reden_telt_niet
FROM verkeer.verzonden_productregel AS regel
INNER JOIN verkeer.productcode_gestuurd AS kenmerk
    ON
        regel.wet = kenmerk.wet
        AND regel.product_code = kenmerk.product_code
        AND regel.product_categorie IS NOT DISTINCT FROM kenmerk.product_categorie
LEFT JOIN verkeer.client AS client ON regel.client_nr = client.client_nr
