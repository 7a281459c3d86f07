-- One row per case of a time norm, with who must act in it and by which rule.
-- Without a norm on its start day a case has neither.
-- Reads `geval_van_norm`: the cases of the norms asked for. Where the receiver must act, that is who did not send the message of the case.
SELECT
    geval.kpi
    , geval.geval_id
    , geval.wet
    , geval.gemeente
    , geval.aanbieder
    , geval.berichttype
    , geval.release
    , geval.referentie
    , geval.start_dag
    , geval.uiterste_dag
    , geval.antwoord_dag
    , geval.toestand
    , geval.reden_telt_niet
    , geval.koppeling
    , geval.start_bericht_id
    , geval.antwoord_bericht_id
    , norm.regelcode
    , norm.waarde
    , norm.eenheid
    , norm.geldig_van
    , norm.geldig_tot
    , norm.sinds
    , norm.bron
    , CASE
        WHEN norm.aan_zet IS NULL THEN NULL
        WHEN norm.aan_zet <> 'ontvanger' THEN norm.aan_zet
        WHEN soort.verzender = 'gemeente' THEN 'aanbieder'
        ELSE 'gemeente'
    END AS aan_zet
FROM geval_van_norm AS geval
LEFT JOIN verkeer.norm AS norm
    ON
        geval.kpi = norm.kpi
        AND geval.wet = norm.wet
        AND norm.onderdeel = 'termijn'
        AND COALESCE(norm.berichttype, geval.berichttype) = geval.berichttype
        AND geval.start_dag BETWEEN norm.geldig_van AND norm.geldig_tot
LEFT JOIN verkeer.berichttype AS soort ON geval.berichttype = soort.berichttype
