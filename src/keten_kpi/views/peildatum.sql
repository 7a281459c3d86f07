-- One row: the day up to which the traffic is known, and the day of the run.
-- Default: the latest date of sending that does not lie after the day of the run; SET VARIABLE peildatum (or vandaag) overrules it.
WITH run AS (
    SELECT COALESCE(CAST(GETVARIABLE('vandaag') AS DATE), CURRENT_DATE) AS vandaag_dag
)

-- no message is read when the day is given
, laatste AS (
    SELECT MAX(COALESCE(bericht.dagtekening_retour, bericht.dagtekening)) AS laatste_dag
    FROM bron.bericht AS bericht
    CROSS JOIN run
    WHERE
        GETVARIABLE('peildatum') IS NULL
        AND COALESCE(bericht.dagtekening_retour, bericht.dagtekening) <= run.vandaag_dag
)

SELECT
    COALESCE(CAST(GETVARIABLE('peildatum') AS DATE), laatste.laatste_dag) AS peildatum
    , run.vandaag_dag
FROM laatste
CROSS JOIN run
