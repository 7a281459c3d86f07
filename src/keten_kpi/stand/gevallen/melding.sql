-- One row per case of a start or stop that may be another one now.
SELECT DISTINCT CAST(bericht_id AS VARCHAR) || '-' || regel_nr AS geval_id
FROM temp.geraakt_melding
