-- One row per AangevraagdProduct of a 315, with the 301 line or 319 that ends it.
WITH verzoek AS (
    SELECT
        bericht.bericht_id
        , regel.regel_nr
        , regel.client_nr
        , bericht.wet
        , bericht.gemeente
        , bericht.aanbieder
        , bericht.release
        , bericht.berichttype
        , bericht.dagtekening AS start_dag
        , bericht.is_afgekeurd
        , regel.referentie_aanbieder
        , regel.product_categorie
        , regel.product_code
    FROM bron.aangevraagd_product AS regel
    INNER JOIN verkeer.bericht AS bericht ON regel.bericht_nr = bericht.bericht_nr
    WHERE bericht.soort = '315'
)

-- lines that can answer, read four times
, toewijzingsregel AS (
    SELECT
        bericht_id
        , regel_nr
        , client_nr
        , wet
        , gemeente
        , aanbieder
        , release
        , dagtekening
        , referentie_aanbieder
        , product_categorie
        , product_code
        , toewijzing_nummer
        , toewijzingsdatum
        , toewijzingstijd
        , ingangsdatum
    FROM verkeer.toewijzingsregel
)

, toewijzing_op_referentie AS (
    SELECT
        wet
        , gemeente
        , aanbieder
        , referentie_aanbieder
        , MIN(dagtekening) AS dagtekening
        , MIN_BY(bericht_id, ROW(dagtekening, bericht_id)) AS bericht_id
    FROM toewijzingsregel
    WHERE referentie_aanbieder IS NOT NULL
    GROUP BY wet, gemeente, aanbieder, referentie_aanbieder
)

, afwijzing AS (
    SELECT
        antwoord.wet
        , antwoord.gemeente
        , antwoord.aanbieder
        , antwoord.referentie_aanbieder
        , antwoord.dagtekening
        , antwoord.bericht_id
    FROM verkeer.antwoord AS antwoord
    INNER JOIN verkeer.betekenis AS betekenis
        ON
            antwoord.verzoek_antwoord = betekenis.code
            AND betekenis.betekenis = 'verzoek_afgewezen'
    WHERE NOT antwoord.is_afgekeurd
    QUALIFY
        ROW_NUMBER() OVER (
            PARTITION BY antwoord.wet, antwoord.gemeente, antwoord.aanbieder, antwoord.referentie_aanbieder
            ORDER BY ROW(antwoord.dagtekening, antwoord.bericht_id)
        ) = 1
)

, verzoek_op_referentie AS (
    SELECT
        verzoek.bericht_id
        , verzoek.regel_nr
        , verzoek.wet
        , verzoek.gemeente
        , verzoek.aanbieder
        , verzoek.release
        , verzoek.berichttype
        , verzoek.start_dag
        , verzoek.is_afgekeurd
        , verzoek.referentie_aanbieder
        , verzoek.client_nr
        , verzoek.product_categorie
        , verzoek.product_code
        , toewijzing.dagtekening AS toewijzing_dag
        , toewijzing.bericht_id AS toewijzing_bericht_id
        , afwijzing.dagtekening AS afwijzing_dag
        , afwijzing.bericht_id AS afwijzing_bericht_id
    FROM verzoek
    LEFT JOIN toewijzing_op_referentie AS toewijzing
        ON
            verzoek.wet = toewijzing.wet
            AND verzoek.gemeente = toewijzing.gemeente
            AND verzoek.aanbieder = toewijzing.aanbieder
            AND verzoek.referentie_aanbieder = toewijzing.referentie_aanbieder
    LEFT JOIN afwijzing
        ON
            verzoek.wet = afwijzing.wet
            AND verzoek.gemeente = afwijzing.gemeente
            AND verzoek.aanbieder = afwijzing.aanbieder
            AND verzoek.referentie_aanbieder = afwijzing.referentie_aanbieder
)

-- what a 301 line without reference may still answer, or follow
, zonder_toewijzing AS (
    SELECT
        verzoek.bericht_id
        , verzoek.regel_nr
        , verzoek.wet
        , verzoek.gemeente
        , verzoek.aanbieder
        , verzoek.start_dag
        , client.client_sleutel
        , verzoek.product_categorie
        , verzoek.product_code
        , verzoek.afwijzing_dag
    FROM verzoek_op_referentie AS verzoek
    LEFT JOIN verkeer.client AS client ON verzoek.client_nr = client.client_nr
    WHERE
        NOT verzoek.is_afgekeurd
        AND verzoek.toewijzing_dag IS NULL
)

, client_van_belang AS (
    SELECT
        client.client_nr
        , BOOL_OR(verzoek.afwijzing_dag IS NOT NULL) AS is_afgewezen
    FROM zonder_toewijzing AS verzoek
    INNER JOIN verkeer.client AS client ON verzoek.client_sleutel = client.client_sleutel
    GROUP BY client.client_nr
)

-- a line follows a refusal in every release, and answers in those that link on the client
, nummer_van_belang AS (
    SELECT regel.toewijzing_nummer
    FROM toewijzingsregel AS regel
    INNER JOIN client_van_belang AS client ON regel.client_nr = client.client_nr
    LEFT JOIN verkeer.release AS release
        ON
            regel.release = release.release
            AND release.koppelt_op_client
    WHERE
        regel.referentie_aanbieder IS NULL
        AND (client.is_afgewezen OR release.release IS NOT NULL)
)

-- lines repeat from message to message: a version of a toewijzing answers only where it appears first
, genummerde_versie AS (
    SELECT
        regel.bericht_id
        , regel.regel_nr
        , regel.wet
        , regel.gemeente
        , regel.aanbieder
        , regel.release
        , regel.dagtekening
        , regel.client_nr
        , regel.referentie_aanbieder
        , regel.product_categorie
        , regel.product_code
    FROM toewijzingsregel AS regel
    WHERE regel.toewijzing_nummer IN (SELECT nummer.toewijzing_nummer FROM nummer_van_belang AS nummer)
    QUALIFY
        ROW_NUMBER() OVER (
            PARTITION BY regel.wet, regel.gemeente, regel.toewijzing_nummer, regel.toewijzingsdatum, regel.toewijzingstijd
            ORDER BY ROW(regel.dagtekening, regel.bericht_id, regel.regel_nr)
        ) = 1
)

, ongenummerde_versie AS (
    SELECT
        regel.bericht_id
        , regel.regel_nr
        , regel.wet
        , regel.gemeente
        , regel.aanbieder
        , regel.release
        , regel.dagtekening
        , regel.client_nr
        , regel.referentie_aanbieder
        , regel.product_categorie
        , regel.product_code
    FROM toewijzingsregel AS regel
    LEFT JOIN verkeer.client AS client ON regel.client_nr = client.client_nr
    WHERE regel.toewijzing_nummer IS NULL
    QUALIFY
        ROW_NUMBER() OVER (
            PARTITION BY
                regel.wet
                , regel.gemeente
                , regel.aanbieder
                , client.client_sleutel
                , regel.product_categorie
                , regel.product_code
                , regel.ingangsdatum
                , regel.toewijzingsdatum
                , regel.toewijzingstijd
            ORDER BY ROW(regel.dagtekening, regel.bericht_id, regel.regel_nr)
        ) = 1
)

, versie AS (
    SELECT
        bericht_id
        , regel_nr
        , wet
        , gemeente
        , aanbieder
        , release
        , dagtekening
        , client_nr
        , product_categorie
        , product_code
    FROM genummerde_versie
    WHERE referentie_aanbieder IS NULL
    UNION ALL
    SELECT
        bericht_id
        , regel_nr
        , wet
        , gemeente
        , aanbieder
        , release
        , dagtekening
        , client_nr
        , product_categorie
        , product_code
    FROM ongenummerde_versie
    WHERE referentie_aanbieder IS NULL
)

, nieuwe_regel AS (
    SELECT
        versie.bericht_id
        , versie.regel_nr
        , versie.wet
        , versie.gemeente
        , versie.aanbieder
        , versie.release
        , versie.dagtekening
        , client.client_sleutel
        , versie.product_categorie
        , versie.product_code
    FROM versie
    LEFT JOIN verkeer.client AS client ON versie.client_nr = client.client_nr
)

, vervolg AS (
    SELECT DISTINCT
        verzoek.bericht_id
        , verzoek.regel_nr
    FROM zonder_toewijzing AS verzoek
    INNER JOIN nieuwe_regel AS regel
        ON
            verzoek.wet = regel.wet
            AND verzoek.gemeente = regel.gemeente
            AND verzoek.aanbieder = regel.aanbieder
            AND verzoek.client_sleutel = regel.client_sleutel
    INNER JOIN verkeer.norm AS norm
        ON
            verzoek.wet = norm.wet
            AND norm.kpi = 'doorlooptijd-toewijzing'
            AND norm.onderdeel = 'vervolg'
            AND verzoek.afwijzing_dag BETWEEN norm.geldig_van AND norm.geldig_tot
            AND regel.dagtekening BETWEEN verzoek.afwijzing_dag AND verzoek.afwijzing_dag + norm.waarde
)

-- brackets: a request opens, a line without reference closes the latest one still open
, gebeurtenis AS (
    SELECT
        1 AS stap
        , 0 AS sluit
        , bericht_id
        , regel_nr
        , wet
        , gemeente
        , aanbieder
        , client_sleutel
        , product_categorie
        , product_code
        , start_dag AS dag
    FROM zonder_toewijzing
    WHERE afwijzing_dag IS NULL
    UNION ALL
    SELECT
        -1 AS stap
        , 1 AS sluit
        , regel.bericht_id
        , regel.regel_nr
        , regel.wet
        , regel.gemeente
        , regel.aanbieder
        , regel.client_sleutel
        , regel.product_categorie
        , regel.product_code
        , regel.dagtekening AS dag
    FROM nieuwe_regel AS regel
    INNER JOIN verkeer.release AS release
        ON
            regel.release = release.release
            AND release.koppelt_op_client
)

, geordend AS (
    SELECT
        stap
        , sluit
        , bericht_id
        , regel_nr
        , dag
        , DENSE_RANK() OVER (ORDER BY wet, gemeente, aanbieder, client_sleutel, product_categorie, product_code) AS sleutel_nr
        , ROW_NUMBER() OVER (ORDER BY dag ASC, stap DESC, bericht_id ASC, regel_nr ASC) AS volgorde
    FROM gebeurtenis
)

-- how deep an event lies: a request and the line that closes it lie equally deep, and nothing between them does
, diepte AS (
    SELECT
        bericht_id
        , regel_nr
        , dag
        , sleutel_nr
        , volgorde
        , SUM(stap) OVER (PARTITION BY sleutel_nr ORDER BY volgorde) + sluit AS niveau
    FROM geordend
)

, toewijzing_op_client AS (
    SELECT
        bericht_id
        , regel_nr
        , LEAD(bericht_id) OVER (PARTITION BY sleutel_nr, niveau ORDER BY volgorde) AS toewijzing_bericht_id
        , LEAD(dag) OVER (PARTITION BY sleutel_nr, niveau ORDER BY volgorde) AS toewijzing_dag
    FROM diepte
)

SELECT
    CAST(verzoek.bericht_id AS VARCHAR) || '-' || verzoek.regel_nr AS geval_id
    , verzoek.wet
    , verzoek.gemeente
    , verzoek.aanbieder
    , verzoek.release
    , verzoek.berichttype
    , verzoek.referentie_aanbieder AS referentie
    , verzoek.start_dag
    , COALESCE(verzoek.toewijzing_dag, op_client.toewijzing_dag, verzoek.afwijzing_dag) AS antwoord_dag
    , CASE
        WHEN COALESCE(verzoek.toewijzing_dag, verzoek.afwijzing_dag) IS NOT NULL THEN 'referentie'
        WHEN op_client.toewijzing_dag IS NOT NULL THEN 'client_product'
    END AS koppeling
    , verzoek.bericht_id AS start_bericht_id
    , COALESCE(verzoek.toewijzing_bericht_id, op_client.toewijzing_bericht_id, verzoek.afwijzing_bericht_id) AS antwoord_bericht_id
    , CASE
        WHEN verzoek.toewijzing_dag IS NOT NULL OR verzoek.afwijzing_dag IS NULL THEN NULL
        WHEN vervolg.bericht_id IS NOT NULL THEN 'afgewezen_met_vervolg'
        ELSE 'afgewezen'
    END AS uitzondering
    , CASE WHEN verzoek.is_afgekeurd THEN 'verzoek_afgekeurd' END AS reden_telt_niet
FROM verzoek_op_referentie AS verzoek
LEFT JOIN toewijzing_op_client AS op_client
    ON
        verzoek.bericht_id = op_client.bericht_id
        AND verzoek.regel_nr = op_client.regel_nr
LEFT JOIN vervolg
    ON
        verzoek.bericht_id = vervolg.bericht_id
        AND verzoek.regel_nr = vervolg.regel_nr
