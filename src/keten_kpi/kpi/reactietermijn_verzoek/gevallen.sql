-- One row per AangevraagdProduct of a 315 and Verzoek of a 317, with the 301 or 319 that answers it first.
WITH eerste AS (
    SELECT
        wet
        , gemeente
        , aanbieder
        , referentie_aanbieder
        , MIN(dagtekening) AS dagtekening
        , MIN_BY(bericht_id, ROW(dagtekening, bericht_id)) AS bericht_id
    FROM verkeer.antwoord_op_verzoek
    GROUP BY wet, gemeente, aanbieder, referentie_aanbieder
)

-- release 2.3: the 301 line without reference that answers
, op_client AS (
    SELECT
        geval_id
        , antwoord_dag
        , antwoord_bericht_id
    FROM kpi.doorlooptijd_toewijzing
    WHERE koppeling = 'client_product'
)

SELECT
    verzoek.geval_id
    , verzoek.wet
    , verzoek.gemeente
    , verzoek.aanbieder
    , verzoek.release
    , verzoek.berichttype
    , verzoek.referentie_aanbieder AS referentie
    , verzoek.dagtekening AS start_dag
    , COALESCE(eerste.dagtekening, op_client.antwoord_dag) AS antwoord_dag
    , CASE
        WHEN eerste.bericht_id IS NOT NULL THEN 'referentie'
        WHEN op_client.geval_id IS NOT NULL THEN 'client_product'
    END AS koppeling
    , verzoek.bericht_id AS start_bericht_id
    , COALESCE(eerste.bericht_id, op_client.antwoord_bericht_id) AS antwoord_bericht_id
    , CAST(NULL AS VARCHAR) AS uitzondering
    , CASE WHEN verzoek.is_afgekeurd THEN 'verzoek_afgekeurd' END AS reden_telt_niet
FROM verkeer.verzoek AS verzoek
LEFT JOIN eerste
    ON
        verzoek.wet = eerste.wet
        AND verzoek.gemeente = eerste.gemeente
        AND verzoek.aanbieder = eerste.aanbieder
        AND verzoek.referentie_aanbieder = eerste.referentie_aanbieder
LEFT JOIN op_client ON verzoek.geval_id = op_client.geval_id
