-- One row per declaratie that is answered: the first 325 that names it, of a 303 the first 304.
-- A 304 repeats the key of its 303.
SELECT
    hoort_bij AS berichttype
    , gemeente
    , aanbieder
    , COALESCE(declaratie_identificatie, identificatie) AS identificatie
    , MIN(verzend_dag) AS verzend_dag
    , MIN_BY(bericht_nr, ROW(verzend_dag, bericht_id)) AS bericht_nr
    , MIN_BY(bericht_id, ROW(verzend_dag, bericht_id)) AS bericht_id
FROM verkeer.telbaar_bericht
WHERE richting = 'antwoord'
GROUP BY hoort_bij, gemeente, aanbieder, COALESCE(declaratie_identificatie, identificatie)
