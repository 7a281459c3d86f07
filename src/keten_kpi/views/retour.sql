-- One row per heenbericht that has a retour: the first one by date of sending.
-- The key is that of the heenbericht: a retour repeats its header.
SELECT
    hoort_bij AS berichttype
    , gemeente
    , aanbieder
    , identificatie
    , MIN(verzend_dag) AS verzend_dag
    , MIN_BY(bericht_id, ROW(verzend_dag, bericht_id)) AS bericht_id
FROM verkeer.telbaar_bericht
WHERE richting = 'retour'
GROUP BY hoort_bij, gemeente, aanbieder, identificatie
