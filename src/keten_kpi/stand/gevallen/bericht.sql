-- One row per case of a message, or of a line of it, that may be another one now.
SELECT CAST(bericht.bericht_id AS VARCHAR) AS geval_id
FROM temp.geraakt_bericht AS bericht
UNION ALL
SELECT CAST(bericht.bericht_id AS VARCHAR) || '-' || regel.regel_nr AS geval_id
FROM bron.declaratie AS regel
INNER JOIN temp.geraakt_bericht AS bericht ON regel.bericht_nr = bericht.bericht_nr
UNION
SELECT CAST(bericht.bericht_id AS VARCHAR) || '-' || regel.regel_nr AS geval_id
FROM bron.prestatie AS regel
INNER JOIN temp.geraakt_bericht AS bericht ON regel.bericht_nr = bericht.bericht_nr
