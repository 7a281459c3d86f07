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

, aanvrager AS (
    SELECT client_nr
    FROM verkeer.client
    WHERE
        client_sleutel IS NULL
        OR client_sleutel IN (SELECT geraakt.client_sleutel FROM temp.geraakt_aanvrager AS geraakt)
)

SELECT
    bericht.bericht_nr
    , bericht.bericht_id
    , regel.regel_nr
    , bericht.gemeente
    , bericht.aanbieder
    , regel.referentie_aanbieder
    , persoon.client_sleutel
FROM regel
INNER JOIN verkeer.verzending AS bericht ON regel.bericht_nr = bericht.bericht_nr
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
    (verwijzing.gemeente IS NOT NULL OR geraakt.gemeente IS NOT NULL)
    AND (
        regel.referentie_aanbieder IN (SELECT naam.referentie_aanbieder FROM temp.geraakt_verwijzing AS naam)
        OR regel.client_nr IS NULL
        OR regel.client_nr IN (SELECT aanvrager.client_nr FROM aanvrager)
    )
