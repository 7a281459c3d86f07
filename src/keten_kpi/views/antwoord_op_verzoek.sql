-- One row per 301 line or 319 Antwoord that answers a request by its reference; of refused messages and withdrawn toewijzingen none.
SELECT
    regel.wet
    , regel.gemeente
    , regel.aanbieder
    , regel.referentie_aanbieder
    , 'verzoek_toegewezen' AS uitkomst
    , CAST(NULL AS VARCHAR) AS reden_afwijzing_verzoek
    , regel.dagtekening
    , regel.bericht_id
    , regel.regel_nr
FROM verkeer.toewijzingsregel AS regel
WHERE regel.referentie_aanbieder IS NOT NULL
UNION ALL
SELECT
    antwoord.wet
    , antwoord.gemeente
    , antwoord.aanbieder
    , antwoord.referentie_aanbieder
    , betekenis.betekenis AS uitkomst
    , antwoord.reden_afwijzing_verzoek
    , antwoord.dagtekening
    , antwoord.bericht_id
    , antwoord.regel_nr
FROM verkeer.antwoord AS antwoord
INNER JOIN verkeer.betekenis AS betekenis
    ON
        antwoord.verzoek_antwoord = betekenis.code
        AND betekenis.lijst = 'VerzoekAntwoord'
WHERE NOT antwoord.is_afgekeurd
