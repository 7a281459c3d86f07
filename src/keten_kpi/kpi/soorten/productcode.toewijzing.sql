-- One row per group and toewijzing: how many of its lines with a code deviate.
-- Reads `keuze`: the chosen lines, with their group in `groep`.
SELECT
    groep
    , wet
    , gemeente
    , toewijzing_nummer
    , SUM(aantal) AS aantal
    , SUM(CASE WHEN oordeel = 'afwijkend' THEN aantal ELSE 0 END) AS regels_afwijkend
FROM keuze
WHERE
    oordeel IS NOT NULL
    AND toewijzing_nummer IS NOT NULL
GROUP BY groep, wet, gemeente, toewijzing_nummer
