-- One row per gemeente, aanbieder and referentie_aanbieder that a changed message names, or a line of a toewijzing that was ever withdrawn.
WITH regel AS (
    SELECT
        bericht_nr
        , referentie_aanbieder
    FROM bron.aangevraagd_product
    UNION ALL
    SELECT
        bericht_nr
        , referentie_aanbieder
    FROM bron.verzoek_wijziging
    UNION ALL
    SELECT
        bericht_nr
        , referentie_aanbieder
    FROM bron.antwoord
    UNION ALL
    SELECT
        bericht_nr
        , referentie_aanbieder
    FROM bron.toegewezen_product
)

SELECT
    zending.gemeente
    , zending.aanbieder
    , regel.referentie_aanbieder
FROM regel
INNER JOIN temp.geraakt_zending AS zending ON regel.bericht_nr = zending.bericht_nr
WHERE regel.referentie_aanbieder IS NOT NULL
UNION
SELECT
    regel.gemeente
    , regel.aanbieder
    , regel.referentie_aanbieder
FROM temp.geraakt_toewijzingsregel AS regel
WHERE
    regel.referentie_aanbieder IS NOT NULL
    AND (regel.gemeente, regel.toewijzing_nummer) IN (
        SELECT (verwijderd.gemeente, verwijderd.toewijzing_nummer)
        FROM temp.geraakt_toewijzingsregel AS verwijderd
        WHERE verwijderd.is_verwijdering
    )
