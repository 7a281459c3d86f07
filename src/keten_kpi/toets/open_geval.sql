-- One row per case of `norm_geval` that waits for an answer.
SELECT
    kpi
    , geval_id
    , wet
    , gemeente
    , aanbieder
    , berichttype
    , referentie
    , start_dag
    , uiterste_dag
    , toestand
    , start_bericht_id
    , regelcode
    , aan_zet
FROM norm_geval
WHERE
    antwoord_dag IS NULL
    AND toestand IN ('lopend', 'buiten_norm')
