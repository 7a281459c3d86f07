-- One row per request that a 319 refuses because another gemeente is responsible, with the first such 319.
WITH verwijzing AS (
    SELECT
        antwoord.wet
        , antwoord.gemeente
        , antwoord.aanbieder
        , antwoord.referentie_aanbieder
        , antwoord.dagtekening
        , antwoord.bericht_id
    FROM verkeer.antwoord_op_verzoek AS antwoord
    INNER JOIN verkeer.betekenis AS betekenis
        ON
            antwoord.reden_afwijzing_verzoek = betekenis.code
            AND betekenis.betekenis = 'woonplaatsbeginsel'
    WHERE antwoord.wet = 'Jw'
    QUALIFY
        ROW_NUMBER() OVER (
            PARTITION BY antwoord.gemeente, antwoord.aanbieder, antwoord.referentie_aanbieder
            ORDER BY ROW(antwoord.dagtekening, antwoord.bericht_id)
        ) = 1
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
    , verwijzing.dagtekening AS antwoord_dag
    , 'referentie' AS koppeling
    , verzoek.bericht_id AS start_bericht_id
    , verwijzing.bericht_id AS antwoord_bericht_id
    , CAST(NULL AS VARCHAR) AS uitzondering
    , CASE WHEN verzoek.is_afgekeurd THEN 'verzoek_afgekeurd' END AS reden_telt_niet
FROM verkeer.verzoek AS verzoek
INNER JOIN verwijzing
    ON
        verzoek.wet = verwijzing.wet
        AND verzoek.gemeente = verwijzing.gemeente
        AND verzoek.aanbieder = verwijzing.aanbieder
        AND verzoek.referentie_aanbieder = verwijzing.referentie_aanbieder
