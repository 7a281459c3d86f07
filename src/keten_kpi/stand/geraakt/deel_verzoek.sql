-- One row per line of a 315 of a client of whom a request must be judged: which line answers which follows from all of them.
WITH aanvrager AS (
    SELECT DISTINCT
        gemeente
        , aanbieder
        , client_sleutel
    FROM temp.geraakt_verzoek
)

, op_client AS (
    SELECT zending.bericht_nr
    FROM temp.stand_client AS zending
    WHERE zending.client_hash IN (SELECT HASH(aanvrager.gemeente, aanvrager.aanbieder, aanvrager.client_sleutel) FROM aanvrager)
)

, gezocht AS (
    SELECT
        verzoek.bericht_nr
        , verzoek.client_nr
        , verzoek.referentie_aanbieder
    FROM bron.aangevraagd_product AS verzoek
    WHERE verzoek.bericht_nr IN (SELECT op_client.bericht_nr FROM op_client)
)

, bericht AS (
    SELECT
        zending.bericht_nr
        , zending.gemeente
        , zending.aanbieder
    FROM verkeer.verzending AS zending
    WHERE zending.bericht_nr IN (SELECT gezocht.bericht_nr FROM gezocht)
)

SELECT
    bericht.bericht_nr
    , bericht.gemeente
    , bericht.aanbieder
    , verzoek.referentie_aanbieder
FROM gezocht AS verzoek
INNER JOIN bericht ON verzoek.bericht_nr = bericht.bericht_nr
LEFT JOIN verkeer.client AS persoon ON verzoek.client_nr = persoon.client_nr
INNER JOIN aanvrager
    ON
        bericht.gemeente = aanvrager.gemeente
        AND bericht.aanbieder = aanvrager.aanbieder
        AND persoon.client_sleutel IS NOT DISTINCT FROM aanvrager.client_sleutel
