-- One row per gemeente and toewijzing_nummer of which a 301 line came, or counts no longer.
SELECT DISTINCT
    zending.gemeente
    , regel.toewijzing_nummer
FROM bron.toegewezen_product AS regel
INNER JOIN temp.geraakt_zending AS zending ON regel.bericht_nr = zending.bericht_nr
WHERE regel.toewijzing_nummer IS NOT NULL
