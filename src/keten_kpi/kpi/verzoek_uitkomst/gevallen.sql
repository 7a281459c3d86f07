-- One row per AangevraagdProduct of a 315 and Verzoek of a 317, with how it ended by the peildatum.
WITH antwoord AS (
    SELECT
        wet
        , gemeente
        , aanbieder
        , referentie_aanbieder
        , uitkomst
        , reden_afwijzing_verzoek
        , bericht_id
        , dagtekening
        , regel_nr
        , CASE uitkomst WHEN 'verzoek_toegewezen' THEN 0 WHEN 'verzoek_afgewezen' THEN 1 ELSE 2 END AS rang
    FROM verkeer.antwoord_op_verzoek
)

, beslissend AS (
    SELECT
        wet
        , gemeente
        , aanbieder
        , referentie_aanbieder
        , uitkomst
        , reden_afwijzing_verzoek
        , bericht_id
    FROM antwoord
    QUALIFY
        ROW_NUMBER() OVER (
            PARTITION BY wet, gemeente, aanbieder, referentie_aanbieder
            ORDER BY ROW(rang, dagtekening, bericht_id, regel_nr)
        ) = 1
)

-- release 2.3: the 301 line without reference that answers
, op_client AS (
    SELECT
        geval_id
        , antwoord_bericht_id
    FROM kpi.doorlooptijd_toewijzing
    WHERE koppeling = 'client_product'
)

SELECT
    verzoek.geval_id
    , 1 AS volgnr
    , verzoek.wet
    , verzoek.gemeente
    , verzoek.aanbieder
    , verzoek.release
    , verzoek.berichttype
    , verzoek.referentie_aanbieder AS referentie
    , verzoek.dagtekening AS start_dag
    , CASE
        WHEN op_client.geval_id IS NOT NULL THEN 'toegewezen'
        WHEN beslissend.uitkomst = 'verzoek_toegewezen' THEN 'toegewezen'
        WHEN beslissend.uitkomst = 'verzoek_afgewezen' THEN 'afgewezen'
        WHEN beslissend.uitkomst = 'verzoek_in_onderzoek' THEN 'in_onderzoek'
        ELSE 'open'
    END AS uitkomst
    , CASE WHEN beslissend.uitkomst = 'verzoek_afgewezen' THEN beslissend.reden_afwijzing_verzoek END AS reden
    , CAST(NULL AS BIGINT) AS centen
    , CASE WHEN verzoek.is_afgekeurd THEN 'verzoek_afgekeurd' END AS reden_telt_niet
    , verzoek.bericht_id AS start_bericht_id
    , COALESCE(op_client.antwoord_bericht_id, beslissend.bericht_id) AS antwoord_bericht_id
FROM verkeer.verzoek AS verzoek
LEFT JOIN beslissend
    ON
        verzoek.wet = beslissend.wet
        AND verzoek.gemeente = beslissend.gemeente
        AND verzoek.aanbieder = beslissend.aanbieder
        AND verzoek.referentie_aanbieder = beslissend.referentie_aanbieder
LEFT JOIN op_client ON verzoek.geval_id = op_client.geval_id
