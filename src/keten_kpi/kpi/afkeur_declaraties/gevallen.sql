-- One row per Prestatie of a 323 or 303; one that is refused has a row per RetourCode that refuses it.
WITH declaratie AS (
    SELECT
        declaratie.bericht_nr
        , declaratie.bericht_id
        , declaratie.wet
        , declaratie.gemeente
        , declaratie.aanbieder
        , declaratie.release
        , declaratie.berichttype
        , declaratie.dagtekening
        , antwoord.bericht_nr AS antwoord_nr
        , antwoord.bericht_id AS antwoord_bericht_id
    FROM verkeer.telbaar_bericht AS declaratie
    LEFT JOIN verkeer.antwoord_op_declaratie AS antwoord
        ON
            declaratie.berichttype = antwoord.berichttype
            AND declaratie.gemeente = antwoord.gemeente
            AND declaratie.aanbieder = antwoord.aanbieder
            AND declaratie.identificatie = antwoord.identificatie
    WHERE declaratie.richting = 'heen'
)

-- codes that refuse, with the class that carries them
, weigering AS (
    SELECT
        declaratie.bericht_nr
        , declaratie.antwoord_nr
        , regel.niveau
        , regel.niveau_nr
        , regel.code AS retourcode
    FROM bron.retourcode AS regel
    INNER JOIN declaratie ON regel.bericht_nr = declaratie.antwoord_nr
    LEFT JOIN verkeer.retourcode AS onschuldig
        ON
            regel.code = onschuldig.code
            AND declaratie.wet = onschuldig.wet
            AND NOT onschuldig.is_weigering
    WHERE onschuldig.code IS NULL
)

-- the prestaties of an answer that refuses something, with the place of their Client in it
, genoemd AS (
    SELECT
        regel.bericht_nr
        , regel.regel_nr
        , regel.referentie_nummer
        , MIN(regel.regel_nr) OVER (PARTITION BY regel.bericht_nr, client.client_id) AS client_regel_nr
    FROM bron.afgekeurde_prestatie AS regel
    LEFT JOIN bron.client AS client ON regel.client_nr = client.client_nr
    WHERE regel.bericht_nr IN (SELECT weigering.antwoord_nr FROM weigering)
)

, geplaatst AS (
    SELECT
        bericht_nr
        , regel_nr
        , referentie_nummer
        , DENSE_RANK() OVER (PARTITION BY bericht_nr ORDER BY client_regel_nr) AS client_plaats
    FROM genoemd
)

, afkeuring AS (
    SELECT
        prestatie.bericht_nr
        , prestatie.regel_nr
        , weigering.retourcode
        , weigering.niveau
    FROM bron.prestatie AS prestatie
    INNER JOIN weigering ON prestatie.bericht_nr = weigering.bericht_nr
    WHERE weigering.niveau NOT IN ('Client', 'Prestatie')
    UNION
    SELECT
        prestatie.bericht_nr
        , prestatie.regel_nr
        , weigering.retourcode
        , weigering.niveau
    FROM bron.prestatie AS prestatie
    INNER JOIN weigering ON prestatie.bericht_nr = weigering.bericht_nr
    INNER JOIN geplaatst
        ON
            weigering.antwoord_nr = geplaatst.bericht_nr
            AND prestatie.referentie_nummer = geplaatst.referentie_nummer
    WHERE CASE weigering.niveau WHEN 'Client' THEN geplaatst.client_plaats ELSE geplaatst.regel_nr END = weigering.niveau_nr
)

, genummerd AS (
    SELECT
        bericht_nr
        , regel_nr
        , retourcode
        , STRING_AGG(DISTINCT niveau, ', ' ORDER BY niveau) AS niveau
        , ROW_NUMBER() OVER (PARTITION BY bericht_nr, regel_nr ORDER BY retourcode) AS volgnr
    FROM afkeuring
    GROUP BY bericht_nr, regel_nr, retourcode
)

SELECT
    CAST(declaratie.bericht_id AS VARCHAR) || '-' || prestatie.regel_nr AS geval_id
    , COALESCE(afkeuring.volgnr, 1) AS volgnr
    , declaratie.wet
    , declaratie.gemeente
    , declaratie.aanbieder
    , declaratie.release
    , declaratie.berichttype
    , prestatie.referentie_nummer AS referentie
    , declaratie.dagtekening AS start_dag
    , CASE WHEN afkeuring.retourcode IS NOT NULL THEN 'afgekeurd' ELSE 'toegekend' END AS uitkomst
    , afkeuring.retourcode
    , afkeuring.niveau
    , prestatie.ingediend_centen AS centen
    , CASE WHEN declaratie.antwoord_nr IS NULL THEN 'onbeantwoord' END AS reden_telt_niet
    , declaratie.bericht_id AS start_bericht_id
    , declaratie.antwoord_bericht_id
FROM bron.prestatie AS prestatie
INNER JOIN declaratie ON prestatie.bericht_nr = declaratie.bericht_nr
LEFT JOIN genummerd AS afkeuring
    ON
        prestatie.bericht_nr = afkeuring.bericht_nr
        AND prestatie.regel_nr = afkeuring.regel_nr
