-- One row per heenbericht that has a retour: the first one by date of sending.
-- The key is that of the heenbericht: a retour repeats its header.
SELECT
    hoort_bij AS berichttype
    , gemeente
    , aanbieder
    , identificatie
    , verzend_dag
    , bericht_id
FROM verkeer.telbaar_bericht
WHERE richting = 'retour'
QUALIFY
    ROW_NUMBER() OVER (
        PARTITION BY hoort_bij, gemeente, aanbieder, identificatie
        ORDER BY verzend_dag, bericht_id
    ) = 1
