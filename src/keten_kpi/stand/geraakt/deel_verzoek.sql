-- One row per line of a 315 of a client of whom a request must be judged: which line answers which follows from all of them.
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
    , bericht.aanbieder
    , verzoek.referentie_aanbieder
FROM bron.aangevraagd_product AS verzoek
INNER JOIN verkeer.verzending AS bericht ON verzoek.bericht_nr = bericht.bericht_nr
LEFT JOIN verkeer.client AS persoon ON verzoek.client_nr = persoon.client_nr
INNER JOIN aanvrager
    ON
        bericht.gemeente = aanvrager.gemeente
        AND bericht.aanbieder = aanvrager.aanbieder
        AND persoon.client_sleutel IS NOT DISTINCT FROM aanvrager.client_sleutel
WHERE
    verzoek.client_nr IS NULL
    OR verzoek.client_nr IN (SELECT client.client_nr FROM client)
