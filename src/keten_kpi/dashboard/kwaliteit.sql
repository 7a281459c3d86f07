-- One row per reason why something was quarantined.
SELECT
    reden
    , COUNT(*) AS documenten
FROM beheer.quarantaine
GROUP BY reden
ORDER BY reden
