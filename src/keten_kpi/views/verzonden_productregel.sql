-- One row per product line as sent: of 301, 303, 305, 307, 315 and 323, and the NieuwProduct lines of a 317.
-- verwijst_naar is the toewijzing that a start, stop or Prestatie is about; eigen_dag is the start that the line itself tells.
-- Refused messages are in it: they were sent. Unchanged lines of a 317 name no product and are not in it.
WITH regel AS (
    SELECT
        bericht_nr
        , regel_nr
        , client_nr
        , toewijzing_nummer
        , toewijzing_nummer AS verwijst_naar
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
        , toewijzing_nummer AS verwijst_naar
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
        , toewijzing_nummer AS verwijst_naar
        , product_categorie
        , product_code
        , begindatum AS eigen_dag
    FROM bron.prestatie
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
        , client_nr
        , CAST(NULL AS BIGINT) AS toewijzing_nummer
        , CAST(NULL AS BIGINT) AS verwijst_naar
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
        , CAST(NULL AS BIGINT) AS verwijst_naar
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
        , CAST(NULL AS BIGINT) AS verwijst_naar
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
    , regel.verwijst_naar
    , regel.product_categorie
    , regel.product_code
    , regel.eigen_dag
FROM regel
INNER JOIN verkeer.telbaar_bericht AS bericht ON regel.bericht_nr = bericht.bericht_nr
WHERE bericht.richting = 'heen'
