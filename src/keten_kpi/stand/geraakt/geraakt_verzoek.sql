-- One row per request (315, 317) whose case may be another one now: by its reference, or by its client.
WITH regel AS (
    SELECT
        bericht_nr
        , regel_nr
        , client_nr
        , referentie_aanbieder
    FROM bron.aangevraagd_product
    UNION ALL
    SELECT
        bericht_nr
        , regel_nr
        , client_nr
        , referentie_aanbieder
    FROM bron.verzoek_wijziging
)

, op_client AS (
    SELECT zending.bericht_nr
    FROM temp.stand_client AS zending
    WHERE
        zending.client_hash IN (
            SELECT HASH(aanvrager.gemeente, aanvrager.aanbieder, aanvrager.client_sleutel)
            FROM temp.geraakt_aanvrager AS aanvrager
        )
)

, gezocht AS (
    SELECT
        regel.bericht_nr
        , regel.regel_nr
        , regel.client_nr
        , regel.referentie_aanbieder
    FROM regel
    WHERE
        regel.referentie_aanbieder IN (SELECT naam.referentie_aanbieder FROM temp.geraakt_verwijzing AS naam)
        OR regel.bericht_nr IN (SELECT op_client.bericht_nr FROM op_client)
)

, bericht AS (
    SELECT
        zending.bericht_nr
        , zending.bericht_id
        , zending.gemeente
        , zending.aanbieder
    FROM verkeer.verzending AS zending
    WHERE zending.bericht_nr IN (SELECT gezocht.bericht_nr FROM gezocht)
)

SELECT
    bericht.bericht_nr
    , bericht.bericht_id
    , regel.regel_nr
    , bericht.gemeente
    , bericht.aanbieder
    , regel.referentie_aanbieder
    , persoon.client_sleutel
FROM gezocht AS regel
INNER JOIN bericht ON regel.bericht_nr = bericht.bericht_nr
LEFT JOIN verkeer.client AS persoon ON regel.client_nr = persoon.client_nr
LEFT JOIN temp.geraakt_verwijzing AS verwijzing
    ON
        bericht.gemeente = verwijzing.gemeente
        AND bericht.aanbieder = verwijzing.aanbieder
        AND regel.referentie_aanbieder = verwijzing.referentie_aanbieder
LEFT JOIN temp.geraakt_aanvrager AS geraakt
    ON
        bericht.gemeente = geraakt.gemeente
        AND bericht.aanbieder = geraakt.aanbieder
        AND persoon.client_sleutel IS NOT DISTINCT FROM geraakt.client_sleutel
WHERE
    verwijzing.gemeente IS NOT NULL
    OR geraakt.gemeente IS NOT NULL
