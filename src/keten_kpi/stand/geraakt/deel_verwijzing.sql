-- One row per gemeente, aanbieder and referentie_aanbieder of a request that must be judged, or of another request of its client.
SELECT
    gemeente
    , aanbieder
    , referentie_aanbieder
FROM temp.geraakt_verzoek
WHERE referentie_aanbieder IS NOT NULL
UNION
SELECT
    gemeente
    , aanbieder
    , referentie_aanbieder
FROM temp.deel_verzoek
WHERE referentie_aanbieder IS NOT NULL
