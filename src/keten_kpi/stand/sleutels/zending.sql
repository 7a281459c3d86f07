-- One row per message that is new since the stand: numbers for its key, and for that of the declaratie that it answers.
SELECT
    bericht_nr
    , HASH(gemeente, aanbieder, identificatie) AS sleutel_hash
    , CASE
        WHEN declaratie_identificatie IS NOT NULL THEN HASH(gemeente, aanbieder, declaratie_identificatie)
    END AS declaratie_hash
FROM verkeer.verzending
WHERE bericht_nr > CAST(GETVARIABLE('stand_bericht_nr') AS BIGINT)
