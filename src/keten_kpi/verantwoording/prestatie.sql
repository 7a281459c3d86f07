-- One row per Prestatie of a 323 or 303 of the aanbieder that is asked for, with what its answer granted of it.
-- is_jaar: its care ended in the year that is asked for. toegekend_centen is NULL as long as nobody answered.
-- is_toegekend: granted in full or in part; of 0 euro too, unless its answer refuses it or says that it grants nothing.
-- Refused is what KPI afkeur-declaraties calls so; a 304 also says what it granted. What an answer does not name, it grants.
-- Reads `verantwoording_vraag`: one row with aanbieder, gemeente, wet (NULL: all) and jaar.
WITH genoemd AS (
    SELECT
        regel.bericht_nr
        , regel.referentie_nummer
        , SUM(regel.toegekend_centen) AS toegekend_centen
    FROM verkeer.afgekeurde_prestatie AS regel
    INNER JOIN verantwoording_vraag AS vraag ON regel.aanbieder = vraag.aanbieder
    GROUP BY regel.bericht_nr, regel.referentie_nummer
)

, uitkomst AS (
    SELECT
        geval.geval_id
        , geval.uitkomst
        , geval.reden_telt_niet
    FROM kpi.afkeur_declaraties AS geval
    INNER JOIN verantwoording_vraag AS vraag ON geval.aanbieder = vraag.aanbieder
    WHERE geval.volgnr = 1
)

, euro AS (
    SELECT code
    FROM verkeer.betekenis
    WHERE betekenis = 'volume_in_centen'
)

, gekoppeld AS (
    SELECT
        prestatie.bericht_nr
        , prestatie.bericht_id
        , prestatie.regel_nr
        , prestatie.wet
        , prestatie.gemeente
        , prestatie.aanbieder
        , prestatie.berichttype
        , prestatie.dagtekening
        , prestatie.client_id
        , prestatie.referentie_nummer
        , prestatie.vorig_referentie_nummer
        , prestatie.toewijzing_nummer
        , prestatie.product_categorie
        , prestatie.product_code
        , prestatie.eenheid
        , prestatie.ingediend_centen
        , EXTRACT(YEAR FROM prestatie.einddatum) = vraag.jaar AS is_jaar
        , CASE WHEN prestatie.ingediend_centen < 0 THEN -1 ELSE 1 END
        * prestatie.geleverd_volume / CASE WHEN euro.code IS NULL THEN 1 ELSE CAST(100 AS DOUBLE) END AS volume
        , bericht.identificatie
        , antwoord.bericht_nr AS antwoord_nr
        , genoemd.toegekend_centen AS genoemd_centen
        , uitkomst.uitkomst
        , uitkomst.reden_telt_niet
    FROM verkeer.prestatie AS prestatie
    INNER JOIN verantwoording_vraag AS vraag ON prestatie.aanbieder = vraag.aanbieder
    INNER JOIN verkeer.bericht AS bericht ON prestatie.bericht_nr = bericht.bericht_nr
    LEFT JOIN verkeer.antwoord_op_declaratie AS antwoord
        ON
            bericht.berichttype = antwoord.berichttype
            AND bericht.gemeente = antwoord.gemeente
            AND bericht.aanbieder = antwoord.aanbieder
            AND bericht.identificatie = antwoord.identificatie
    LEFT JOIN genoemd
        ON
            antwoord.bericht_nr = genoemd.bericht_nr
            AND prestatie.referentie_nummer = genoemd.referentie_nummer
    LEFT JOIN uitkomst ON CAST(prestatie.bericht_id AS VARCHAR) || '-' || prestatie.regel_nr = uitkomst.geval_id
    LEFT JOIN euro ON prestatie.eenheid = euro.code
    WHERE
        (vraag.gemeente IS NULL OR prestatie.gemeente = vraag.gemeente)
        AND (vraag.wet IS NULL OR prestatie.wet = vraag.wet)
)

SELECT
    bericht_nr
    , bericht_id
    , regel_nr
    , wet
    , gemeente
    , aanbieder
    , berichttype
    , dagtekening
    , identificatie
    , client_id
    , referentie_nummer
    , vorig_referentie_nummer
    , toewijzing_nummer
    , product_categorie
    , product_code
    , eenheid
    , volume
    , is_jaar
    , ingediend_centen
    , antwoord_nr
    , CASE
        WHEN antwoord_nr IS NULL OR reden_telt_niet IS NOT NULL THEN NULL
        WHEN genoemd_centen IS NOT NULL THEN genoemd_centen
        WHEN uitkomst = 'afgekeurd' THEN 0
        ELSE ingediend_centen
    END AS toegekend_centen
    , COALESCE(genoemd_centen <> 0, uitkomst <> 'afgekeurd') AS is_toegekend
FROM gekoppeld
