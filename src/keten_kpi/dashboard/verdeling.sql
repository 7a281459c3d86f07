-- One row per gemeente and duration, within the norm or too late: how many cases were answered after so long.
-- Reads `keuze`: counts of cases.
-- duur is NULL for what was not answered while its last day has passed.
SELECT
    gemeente
    , duur
    , toestand
    , CAST(SUM(aantal) AS BIGINT) AS aantal
FROM keuze
WHERE
    reden_telt_niet IS NULL
    AND toestand IN ('binnen_norm', 'buiten_norm')
GROUP BY gemeente, duur, toestand
ORDER BY duur NULLS LAST, toestand, gemeente NULLS LAST
