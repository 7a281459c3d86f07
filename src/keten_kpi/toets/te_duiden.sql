-- One row per case of `norm_geval` that is within, beyond or running, of the party in `vraag`.
SELECT
    geval.kpi
    , geval.geval_id
    , geval.start_bericht_id
    , geval.start_dag
    , geval.toestand
    , geval.regelcode
    , geval.aan_zet
    , CASE WHEN vraag.soort = 'gemeente' THEN geval.aanbieder ELSE geval.gemeente END AS tegenpartij
FROM norm_geval AS geval
CROSS JOIN vraag
WHERE
    geval.toestand IN ('binnen_norm', 'buiten_norm', 'lopend')
    AND vraag.code = CASE WHEN vraag.soort = 'gemeente' THEN geval.gemeente ELSE geval.aanbieder END
