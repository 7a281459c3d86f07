-- One row per product line as sent: of 301, 303, 305, 307, 315 and 323, and the NieuwProduct lines of a 317.
-- oordeel_dag is the day on which its code is judged: the start of its toewijzing, as far as the line or the traffic tells it.
-- Refused messages are in it: they were sent. Unchanged lines of a 317 name no product and are not in it.
WITH op_toewijzing AS (
    SELECT
        bericht_nr
        , regel_nr
        , client_nr
        , toewijzing_nummer
        , product_categorie
        , product_code
        , COALESCE(toewijzing_ingangsdatum, begindatum) AS eigen_dag
    FROM bron.start_product
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
        , client_nr
        , toewijzing_nummer
        , product_categorie
        , product_code
        , COALESCE(toewijzing_ingangsdatum, begindatum) AS eigen_dag
    FROM bron.stop_product
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
        , client_nr
        , toewijzing_nummer
        , product_categorie
        , product_code
        , begindatum AS eigen_dag
    FROM bron.prestatie
)

, op_eigen_dag AS (
    SELECT
        bericht_nr
        , regel_nr
        , client_nr
        , CAST(NULL AS BIGINT) AS toewijzing_nummer
        , product_categorie
        , product_code
        , toewijzing_ingangsdatum AS eigen_dag
    FROM bron.aangevraagd_product
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
        , client_nr
        , toewijzing_nummer
        , product_categorie
        , product_code
        , ingangsdatum AS eigen_dag
    FROM bron.toegewezen_product
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
        , client_nr
        , toewijzing_nummer
        , product_categorie
        , product_code
        , gewenste_ingangsdatum AS eigen_dag
    FROM bron.verzoek_wijziging_product
    WHERE soort = 'NieuwProduct'
)

SELECT
    bericht.bericht_nr
    , bericht.bericht_id
    , regel.regel_nr
    , regel.client_nr
    , bericht.wet
    , bericht.gemeente
    , bericht.aanbieder
    , bericht.berichttype
    , bericht.release
    , bericht.dagtekening
    , regel.toewijzing_nummer
    , regel.product_categorie
    , regel.product_code
    , COALESCE(toewijzing.ingangsdatum, regel.eigen_dag, bericht.dagtekening) AS oordeel_dag
FROM op_toewijzing AS regel
INNER JOIN verkeer.telbaar_bericht AS bericht ON regel.bericht_nr = bericht.bericht_nr
LEFT JOIN verkeer.toewijzing AS toewijzing
    ON
        bericht.wet = toewijzing.wet
        AND bericht.gemeente = toewijzing.gemeente
        AND regel.toewijzing_nummer = toewijzing.toewijzing_nummer
        AND NOT toewijzing.is_ingetrokken
WHERE bericht.richting = 'heen'
UNION ALL
SELECT
    bericht.bericht_nr
    , bericht.bericht_id
    , regel.regel_nr
    , regel.client_nr
    , bericht.wet
    , bericht.gemeente
    , bericht.aanbieder
    , bericht.berichttype
    , bericht.release
    , bericht.dagtekening
    , regel.toewijzing_nummer
    , regel.product_categorie
    , regel.product_code
    , COALESCE(regel.eigen_dag, bericht.dagtekening) AS oordeel_dag
FROM op_eigen_dag AS regel
INNER JOIN verkeer.telbaar_bericht AS bericht ON regel.bericht_nr = bericht.bericht_nr
WHERE bericht.richting = 'heen'
