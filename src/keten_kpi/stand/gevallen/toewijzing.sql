-- One row per case of a toewijzing that may be another one now.
SELECT DISTINCT bericht.wet || '-' || bericht.gemeente || '-' || bericht.aanbieder || '-' || regel.toewijzing_nummer AS geval_id
FROM bron.toegewezen_product AS regel
INNER JOIN verkeer.verzending AS bericht ON regel.bericht_nr = bericht.bericht_nr
INNER JOIN temp.geraakt_nummer AS nummer
    ON
        bericht.gemeente = nummer.gemeente
        AND regel.toewijzing_nummer = nummer.toewijzing_nummer
