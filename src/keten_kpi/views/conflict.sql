-- One row per message that has the key of an earlier message but other bytes: it does not count.
-- The earliest counts: by date of sending, then by bericht_id, so that the order of arrival in the database changes no figure.
WITH dubbele_sleutel AS (
    SELECT
        berichttype
        , gemeente
        , aanbieder
        , identificatie
        , identificatie_retour
    FROM keten.verzending
    GROUP BY berichttype, gemeente, aanbieder, identificatie, identificatie_retour
    HAVING count(*) > 1
)

, betrokken AS (
    SELECT
        verzending.bericht_nr
        , verzending.bericht_id
        , first_value(verzending.bericht_id) OVER (
            PARTITION BY
                verzending.berichttype
                , verzending.gemeente
                , verzending.aanbieder
                , verzending.identificatie
                , verzending.identificatie_retour
            ORDER BY verzending.verzend_dag, verzending.bericht_id
        ) AS geldend_bericht_id
    FROM keten.verzending AS verzending
    INNER JOIN dubbele_sleutel
        ON
            verzending.berichttype = dubbele_sleutel.berichttype
            AND verzending.gemeente = dubbele_sleutel.gemeente
            AND verzending.aanbieder = dubbele_sleutel.aanbieder
            AND verzending.identificatie = dubbele_sleutel.identificatie
            AND verzending.identificatie_retour IS NOT DISTINCT FROM dubbele_sleutel.identificatie_retour
)

SELECT
    bericht_nr
    , bericht_id
    , geldend_bericht_id
FROM betrokken
WHERE bericht_id <> geldend_bericht_id
