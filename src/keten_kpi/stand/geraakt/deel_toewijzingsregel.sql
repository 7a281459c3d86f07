-- One row per 301 line that may answer a request that must be judged: by its reference, or by its client.
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
        regel.bericht_nr
        , regel.client_nr
        , regel.referentie_aanbieder
        , regel.toewijzing_nummer
    FROM bron.toegewezen_product AS regel
    WHERE
        regel.referentie_aanbieder IN (SELECT naam.referentie_aanbieder FROM temp.deel_verwijzing AS naam)
        OR regel.bericht_nr IN (SELECT op_client.bericht_nr FROM op_client)
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
    , regel.toewijzing_nummer
FROM gezocht AS regel
INNER JOIN bericht ON regel.bericht_nr = bericht.bericht_nr
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
    verwijzing.gemeente IS NOT NULL
    OR aanvrager.gemeente IS NOT NULL
