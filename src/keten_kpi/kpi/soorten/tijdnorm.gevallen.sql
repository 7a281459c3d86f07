-- One row per case of a time norm, with its uiterste dag and its state.
-- Reads `kpi` (one row: its id) and `gevallen` (the cases as the KPI's own SQL gives them); the page of the kind lists the columns.
WITH geval AS (
    SELECT
        gevallen.geval_id
        , gevallen.wet
        , gevallen.gemeente
        , gevallen.aanbieder
        , gevallen.release
        , gevallen.berichttype
        , gevallen.referentie
        , gevallen.start_dag
        , gevallen.antwoord_dag
        , gevallen.koppeling
        , gevallen.start_bericht_id
        , gevallen.antwoord_bericht_id
        , gevallen.uitzondering
        , gevallen.reden_telt_niet
        , norm.eenheid
        , norm.waarde
        , eerste.werkdag_nr AS start_werkdag_nr
        , CASE norm.eenheid
            WHEN 'werkdagen' THEN laatste.dag
            WHEN 'dagen' THEN gevallen.start_dag + norm.waarde
            WHEN 'kalendermaanden' THEN LAST_DAY(CAST(gevallen.start_dag + TO_MONTHS(norm.waarde) AS DATE))
        END AS uiterste_dag
    FROM gevallen
    CROSS JOIN kpi
    LEFT JOIN verkeer.norm AS norm
        ON
            kpi.kpi = norm.kpi
            AND gevallen.wet = norm.wet
            AND norm.onderdeel = 'termijn'
            AND COALESCE(norm.berichttype, gevallen.berichttype) = gevallen.berichttype
            AND gevallen.start_dag BETWEEN norm.geldig_van AND norm.geldig_tot
    LEFT JOIN verkeer.kalender AS eerste ON gevallen.start_dag = eerste.dag
    LEFT JOIN verkeer.kalender AS laatste
        ON
            eerste.werkdag_nr + norm.waarde = laatste.werkdag_nr
            AND laatste.is_werkdag
)

, gemeten AS (
    SELECT
        geval.geval_id
        , geval.wet
        , geval.gemeente
        , geval.aanbieder
        , gemeente.jeugdregio
        , SUBSTR(CAST(geval.start_dag AS VARCHAR), 1, 7) AS maand
        , geval.release
        , geval.berichttype
        , geval.referentie
        , geval.start_dag
        , geval.uiterste_dag
        , geval.antwoord_dag
        , geval.koppeling
        , geval.start_bericht_id
        , geval.antwoord_bericht_id
        , geval.uitzondering
        , geval.reden_telt_niet
        , geval.waarde IS NULL AS is_zonder_norm
        , stand.peildatum
        , geval.antwoord_dag - geval.start_dag AS dagen
        , COALESCE(geval.antwoord_dag, stand.peildatum) - geval.start_dag AS verstreken_dagen
        , COALESCE(geval.antwoord_dag, stand.peildatum) - geval.uiterste_dag AS dagen_na_uiterste_dag
        , antwoord.werkdag_nr - geval.start_werkdag_nr AS werkdagen
        , COALESCE(antwoord.werkdag_nr, CASE WHEN geval.antwoord_dag IS NULL THEN peil.werkdag_nr END)
        - geval.start_werkdag_nr AS verstreken_werkdagen
        , COALESCE(antwoord.werkdag_nr, CASE WHEN geval.antwoord_dag IS NULL THEN peil.werkdag_nr END)
        - uiterste.werkdag_nr AS werkdagen_na_uiterste_dag
        , geval.start_werkdag_nr IS NULL
        OR uiterste.werkdag_nr IS NULL
        OR (geval.antwoord_dag IS NOT NULL AND antwoord.werkdag_nr IS NULL) AS is_buiten_kalender
    FROM geval
    CROSS JOIN verkeer.peildatum AS stand
    LEFT JOIN verkeer.gemeente AS gemeente ON geval.gemeente = gemeente.gemeente
    LEFT JOIN verkeer.kalender AS antwoord ON geval.antwoord_dag = antwoord.dag
    LEFT JOIN verkeer.kalender AS uiterste ON geval.uiterste_dag = uiterste.dag
    LEFT JOIN verkeer.kalender AS peil ON stand.peildatum = peil.dag
)

, beoordeeld AS (
    SELECT
        geval_id
        , wet
        , gemeente
        , aanbieder
        , jeugdregio
        , maand
        , release
        , berichttype
        , referentie
        , start_dag
        , uiterste_dag
        , antwoord_dag
        , koppeling
        , start_bericht_id
        , antwoord_bericht_id
        , werkdagen
        , verstreken_werkdagen
        , werkdagen_na_uiterste_dag
        , dagen
        , verstreken_dagen
        , dagen_na_uiterste_dag
        , COALESCE(reden_telt_niet, CASE WHEN is_zonder_norm THEN 'geen_norm_op_startdag' END) AS reden_telt_niet
        , CASE
            WHEN reden_telt_niet IS NOT NULL OR is_zonder_norm THEN NULL
            WHEN is_buiten_kalender OR antwoord_dag < start_dag THEN 'onbruikbaar'
            WHEN uitzondering IS NOT NULL THEN uitzondering
            WHEN COALESCE(antwoord_dag, peildatum) <= uiterste_dag THEN CASE WHEN antwoord_dag IS NULL THEN 'lopend' ELSE 'binnen_norm' END
            ELSE 'buiten_norm'
        END AS toestand
    FROM gemeten
)

SELECT
    geval_id
    , wet
    , gemeente
    , aanbieder
    , jeugdregio
    , maand
    , release
    , berichttype
    , referentie
    , start_dag
    , uiterste_dag
    , antwoord_dag
    , werkdagen
    , verstreken_werkdagen
    , CASE WHEN toestand = 'buiten_norm' THEN werkdagen_na_uiterste_dag END AS werkdagen_te_laat
    , dagen
    , verstreken_dagen
    , CASE WHEN toestand = 'buiten_norm' THEN dagen_na_uiterste_dag END AS dagen_te_laat
    , toestand
    , reden_telt_niet
    , koppeling
    , start_bericht_id
    , antwoord_bericht_id
FROM beoordeeld
