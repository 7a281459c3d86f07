-- One row per group and toewijzing: how many of its lines with a code deviate.
-- Reads `keuze`: the chosen lines, with their group in `groep`.
SELECT
    groep
    , wet
    , gemeente
    , toewijzing_nummer
    , COUNT(*) AS aantal
    , COUNT(*) FILTER (WHERE oordeel = 'afwijkend') AS regels_afwijkend
FROM keuze
WHERE
    oordeel IS NOT NULL
    AND toewijzing_nummer IS NOT NULL
GROUP BY groep, wet, gemeente, toewijzing_nummer
