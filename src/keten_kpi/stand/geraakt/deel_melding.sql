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

, op_client AS (
    SELECT zending.bericht_nr
    FROM temp.stand_client AS zending
    WHERE
        zending.client_hash IN (
            SELECT HASH(melding.gemeente, melding.aanbieder, melding.client_sleutel)
            FROM temp.geraakt_melding AS melding
        )
)

, op_nummer AS (
    SELECT zending.bericht_nr
    FROM temp.stand_nummer AS zending
    WHERE zending.nummer_hash IN (SELECT HASH(nummer.gemeente, nummer.toewijzing_nummer) FROM temp.geraakt_nummer AS nummer)
)

, gezocht AS (
    SELECT
        regel.bericht_nr
        , regel.client_nr
        , regel.toewijzing_nummer
    FROM regel
    WHERE
        regel.bericht_nr IN (SELECT op_client.bericht_nr FROM op_client)
        OR regel.bericht_nr IN (SELECT op_nummer.bericht_nr FROM op_nummer)
)

, bericht AS (
    SELECT
        zending.bericht_nr
        , zending.gemeente
        , zending.aanbieder
    FROM verkeer.verzending AS zending
    WHERE zending.bericht_nr IN (SELECT gezocht.bericht_nr FROM gezocht)
)

SELECT bericht.bericht_nr
FROM gezocht AS regel
INNER JOIN bericht ON regel.bericht_nr = bericht.bericht_nr
LEFT JOIN verkeer.client AS client ON regel.client_nr = client.client_nr
INNER JOIN temp.geraakt_melding AS melding
    ON
        bericht.gemeente = melding.gemeente
        AND bericht.aanbieder = melding.aanbieder
        AND client.client_sleutel IS NOT DISTINCT FROM melding.client_sleutel
UNION
SELECT bericht.bericht_nr
FROM gezocht AS regel
INNER JOIN bericht ON regel.bericht_nr = bericht.bericht_nr
INNER JOIN temp.geraakt_nummer AS nummer
    ON
        bericht.gemeente = nummer.gemeente
        AND regel.toewijzing_nummer = nummer.toewijzing_nummer
