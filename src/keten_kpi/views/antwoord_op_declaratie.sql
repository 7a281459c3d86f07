-- One row per declaratie that is answered: the first 325 that names it, of a 303 the first 304.
-- A 304 repeats the key of its 303.
SELECT
    hoort_bij AS berichttype
    , gemeente
    , aanbieder
    , COALESCE(declaratie_identificatie, identificatie) AS identificatie
    , verzend_dag
    , bericht_nr
    , bericht_id
FROM verkeer.telbaar_bericht
WHERE richting = 'antwoord'
QUALIFY
    ROW_NUMBER() OVER (
        PARTITION BY hoort_bij, gemeente, aanbieder, COALESCE(declaratie_identificatie, identificatie)
        ORDER BY verzend_dag, bericht_id
    ) = 1
