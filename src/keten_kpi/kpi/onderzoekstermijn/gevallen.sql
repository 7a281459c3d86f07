-- One row per request that a 319 took in onderzoek, with the 301 or final refusal that ends it.
WITH onderzoek AS (
    SELECT
        wet
        , gemeente
        , aanbieder
        , referentie_aanbieder
        , MIN(dagtekening) AS onderzoek_dag
    FROM verkeer.antwoord_op_verzoek
    WHERE uitkomst = 'verzoek_in_onderzoek'
    GROUP BY wet, gemeente, aanbieder, referentie_aanbieder
)

, einde AS (
    SELECT
        antwoord.wet
        , antwoord.gemeente
        , antwoord.aanbieder
        , antwoord.referentie_aanbieder
        , antwoord.dagtekening
        , antwoord.bericht_id
    FROM verkeer.antwoord_op_verzoek AS antwoord
    INNER JOIN onderzoek
        ON
            antwoord.wet = onderzoek.wet
            AND antwoord.gemeente = onderzoek.gemeente
            AND antwoord.aanbieder = onderzoek.aanbieder
            AND antwoord.referentie_aanbieder = onderzoek.referentie_aanbieder
    WHERE
        antwoord.uitkomst <> 'verzoek_in_onderzoek'
        AND antwoord.dagtekening >= onderzoek.onderzoek_dag
    QUALIFY
        ROW_NUMBER() OVER (
            PARTITION BY antwoord.wet, antwoord.gemeente, antwoord.aanbieder, antwoord.referentie_aanbieder
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
    , einde.dagtekening AS antwoord_dag
    , CASE WHEN einde.bericht_id IS NOT NULL THEN 'referentie' END AS koppeling
    , verzoek.bericht_id AS start_bericht_id
    , einde.bericht_id AS antwoord_bericht_id
    , CAST(NULL AS VARCHAR) AS uitzondering
    , CASE WHEN verzoek.is_afgekeurd THEN 'verzoek_afgekeurd' END AS reden_telt_niet
FROM verkeer.verzoek AS verzoek
INNER JOIN onderzoek
    ON
        verzoek.wet = onderzoek.wet
        AND verzoek.gemeente = onderzoek.gemeente
        AND verzoek.aanbieder = onderzoek.aanbieder
        AND verzoek.referentie_aanbieder = onderzoek.referentie_aanbieder
LEFT JOIN einde
    ON
        verzoek.wet = einde.wet
        AND verzoek.gemeente = einde.gemeente
        AND verzoek.aanbieder = einde.aanbieder
        AND verzoek.referentie_aanbieder = einde.referentie_aanbieder
