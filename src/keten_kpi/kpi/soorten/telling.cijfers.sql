-- One row per group of messages: how many, and between how many parties.
-- Reads `keuze`: the chosen messages, with their group in `groep`; a row stands for `aantal` messages that are alike.
SELECT
    groep
    , CAST(SUM(aantal) AS BIGINT) AS berichten
    , COUNT(DISTINCT gemeente) AS gemeenten
    , COUNT(DISTINCT aanbieder) AS aanbieders
    , COUNT(DISTINCT verzender) AS verzenders
FROM keuze
WHERE reden_telt_niet IS NULL
GROUP BY groep
