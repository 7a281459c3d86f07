-- One row per group and message: how many of its lines have which verdict.
-- Reads `keuze`: the chosen lines, with their group in `groep`. A message lies wholly in one group.
SELECT
    groep
    , bericht_nr
    , COUNT(*) AS aantal
    , COUNT(*) FILTER (WHERE oordeel IS NOT NULL) AS regels
    , COUNT(*) FILTER (WHERE oordeel = 'afwijkend') AS regels_afwijkend
    , COUNT(*) FILTER (WHERE oordeel = 'onbekend') AS regels_onbekend
    , COUNT(*) FILTER (WHERE oordeel IS NULL) AS regels_zonder_code
    , COUNT(*) FILTER (WHERE reden_afwijking = 'niet_in_lijst') AS regels_niet_in_lijst
    , COUNT(*) FILTER (WHERE reden_afwijking = 'vervallen_code') AS regels_vervallen_code
    , COUNT(*) FILTER (WHERE reden_afwijking = 'nog_niet_geldig') AS regels_nog_niet_geldig
    , COUNT(*) FILTER (WHERE is_andere_categorie) AS regels_categorie_past_niet
FROM keuze
GROUP BY groep, bericht_nr
