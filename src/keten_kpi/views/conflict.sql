-- One row per message that has the key of an earlier message but other bytes: it does not count.
-- The earliest counts: by date of sending, then by bericht_id, so that the order of arrival in the database changes no figure.
WITH dubbele_sleutel AS (
    SELECT
        berichttype
        , gemeente
        , aanbieder
        , identificatie
        , identificatie_retour
        , MIN_BY(bericht_id, ROW(verzend_dag, bericht_id)) AS geldend_bericht_id
    FROM verkeer.verzending
    GROUP BY berichttype, gemeente, aanbieder, identificatie, identificatie_retour
    HAVING COUNT(*) > 1
)

SELECT
    verzending.bericht_nr
    , verzending.bericht_id
    , dubbele_sleutel.geldend_bericht_id
FROM verkeer.verzending AS verzending
INNER JOIN dubbele_sleutel
    ON
        verzending.berichttype = dubbele_sleutel.berichttype
        AND verzending.gemeente = dubbele_sleutel.gemeente
        AND verzending.aanbieder = dubbele_sleutel.aanbieder
        AND verzending.identificatie = dubbele_sleutel.identificatie
        AND verzending.identificatie_retour IS NOT DISTINCT FROM dubbele_sleutel.identificatie_retour
        AND verzending.bericht_id <> dubbele_sleutel.geldend_bericht_id
