-- One row per message with a start or stop that has a say: of the same client as one that must be judged, or of a chain that must.
WITH regel AS (
    SELECT
        bericht_nr
        , client_nr
        , toewijzing_nummer
    FROM bron.start_product
    UNION ALL
    SELECT
        bericht_nr
        , client_nr
        , toewijzing_nummer
    FROM bron.stop_product
)

, persoon AS (
    SELECT client_nr
    FROM verkeer.client
    WHERE
        client_sleutel IS NULL
        OR client_sleutel IN (SELECT melding.client_sleutel FROM temp.geraakt_melding AS melding)
)

, gezocht AS (
    SELECT
        regel.bericht_nr
        , regel.client_nr
        , regel.toewijzing_nummer
    FROM regel
    WHERE
        regel.client_nr IS NULL
        OR regel.client_nr IN (SELECT persoon.client_nr FROM persoon)
        OR regel.toewijzing_nummer IN (SELECT nummer.toewijzing_nummer FROM temp.geraakt_nummer AS nummer)
)

SELECT bericht.bericht_nr
FROM gezocht AS regel
INNER JOIN verkeer.verzending AS bericht ON regel.bericht_nr = bericht.bericht_nr
LEFT JOIN verkeer.client AS client ON regel.client_nr = client.client_nr
INNER JOIN temp.geraakt_melding AS melding
    ON
        bericht.gemeente = melding.gemeente
        AND bericht.aanbieder = melding.aanbieder
        AND client.client_sleutel IS NOT DISTINCT FROM melding.client_sleutel
UNION
SELECT bericht.bericht_nr
FROM gezocht AS regel
INNER JOIN verkeer.verzending AS bericht ON regel.bericht_nr = bericht.bericht_nr
INNER JOIN temp.geraakt_nummer AS nummer
    ON
        bericht.gemeente = nummer.gemeente
        AND regel.toewijzing_nummer = nummer.toewijzing_nummer
