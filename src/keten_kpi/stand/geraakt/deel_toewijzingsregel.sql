-- One row per 301 line that may answer a request that must be judged: by its reference, or by its client.
WITH aanvrager AS (
    SELECT DISTINCT
        gemeente
        , aanbieder
        , client_sleutel
    FROM temp.geraakt_verzoek
)

, client AS (
    SELECT client_nr
    FROM verkeer.client
    WHERE
        client_sleutel IS NULL
        OR client_sleutel IN (SELECT aanvrager.client_sleutel FROM aanvrager)
)

SELECT
    bericht.bericht_nr
    , bericht.gemeente
    , regel.toewijzing_nummer
FROM bron.toegewezen_product AS regel
INNER JOIN verkeer.verzending AS bericht ON regel.bericht_nr = bericht.bericht_nr
LEFT JOIN verkeer.client AS persoon ON regel.client_nr = persoon.client_nr
LEFT JOIN temp.deel_verwijzing AS verwijzing
    ON
        bericht.gemeente = verwijzing.gemeente
        AND bericht.aanbieder = verwijzing.aanbieder
        AND regel.referentie_aanbieder = verwijzing.referentie_aanbieder
LEFT JOIN aanvrager
    ON
        bericht.gemeente = aanvrager.gemeente
        AND bericht.aanbieder = aanvrager.aanbieder
        AND persoon.client_sleutel IS NOT DISTINCT FROM aanvrager.client_sleutel
WHERE
    (verwijzing.gemeente IS NOT NULL OR aanvrager.gemeente IS NOT NULL)
    AND (
        regel.referentie_aanbieder IN (SELECT naam.referentie_aanbieder FROM temp.deel_verwijzing AS naam)
        OR regel.client_nr IS NULL
        OR regel.client_nr IN (SELECT client.client_nr FROM client)
    )
