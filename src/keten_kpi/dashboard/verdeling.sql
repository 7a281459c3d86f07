-- One row per gemeente and duration, within the norm or too late: how many cases were answered after so long. Reads `gevallen`.
-- duur is NULL for what was not answered while its last day has passed.
SELECT
    gemeente
    , duur
    , toestand
    , COUNT(*) AS aantal
FROM gevallen
WHERE
    reden_telt_niet IS NULL
    AND toestand IN ('binnen_norm', 'buiten_norm')
GROUP BY gemeente, duur, toestand
ORDER BY duur NULLS LAST, toestand, gemeente NULLS LAST
