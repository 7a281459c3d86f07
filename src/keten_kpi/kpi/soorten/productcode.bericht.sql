-- One row per group and message: how many of its lines have which verdict.
-- Reads `keuze`: the chosen lines, with their group in `groep`. A message lies wholly in one group.
SELECT
    groep
    , bericht_nr
    , SUM(aantal) AS aantal
    , SUM(CASE WHEN oordeel IS NOT NULL THEN aantal ELSE 0 END) AS regels
    , SUM(CASE WHEN oordeel = 'afwijkend' THEN aantal ELSE 0 END) AS regels_afwijkend
    , SUM(CASE WHEN oordeel = 'onbekend' THEN aantal ELSE 0 END) AS regels_onbekend
    , SUM(CASE WHEN oordeel IS NULL THEN aantal ELSE 0 END) AS regels_zonder_code
    , SUM(CASE WHEN reden_afwijking = 'niet_in_lijst' THEN aantal ELSE 0 END) AS regels_niet_in_lijst
    , SUM(CASE WHEN reden_afwijking = 'vervallen_code' THEN aantal ELSE 0 END) AS regels_vervallen_code
    , SUM(CASE WHEN reden_afwijking = 'nog_niet_geldig' THEN aantal ELSE 0 END) AS regels_nog_niet_geldig
    , SUM(CASE WHEN is_andere_categorie THEN aantal ELSE 0 END) AS regels_categorie_past_niet
FROM keuze
GROUP BY groep, bericht_nr
