-- One row per product line as sent, with the day on which its code is judged.
-- oordeel_dag is the start of its toewijzing, as far as the line or the traffic tells it.
SELECT
    regel.bericht_nr
    , regel.bericht_id
    , regel.regel_nr
    , regel.client_nr
    , regel.wet
    , regel.gemeente
    , regel.aanbieder
    , regel.berichttype
    , regel.release
    , regel.dagtekening
    , regel.toewijzing_nummer
    , regel.product_categorie
    , regel.product_code
    , COALESCE(toewijzing.ingangsdatum, regel.eigen_dag, regel.dagtekening) AS oordeel_dag
FROM verkeer.verzonden_productregel AS regel
LEFT JOIN verkeer.toewijzing AS toewijzing
    ON
        regel.wet = toewijzing.wet
        AND regel.gemeente = toewijzing.gemeente
        AND regel.verwijst_naar = toewijzing.toewijzing_nummer
        AND NOT toewijzing.is_ingetrokken
