-- The bounds of the 95 % Wilson interval of k out of n; NULL when n is 0.
-- 1.959963984540054 is the 97.5 % point of the normal distribution.
-- noqa: disable=CP05,LT02
CREATE OR REPLACE MACRO verkeer.wilson_grens(k, n, z) AS
    (k + z * z / 2 + z * SQRT(k * (n - k) / CAST(NULLIF(n, 0) AS DOUBLE) + z * z / 4)) / (n + z * z);

CREATE OR REPLACE MACRO verkeer.wilson_laag(k, n) AS
    CASE WHEN k > 0 THEN verkeer.wilson_grens(k, n, -1.959963984540054) WHEN n > 0 THEN 0.0 END;

CREATE OR REPLACE MACRO verkeer.wilson_hoog(k, n) AS
    CASE WHEN k < n THEN verkeer.wilson_grens(k, n, 1.959963984540054) WHEN n > 0 THEN 1.0 END;

-- The last day on which a message counts that was sent then. Not the peildatum but as good as it, and known before a message is read:
-- by default the peildatum is the latest date of sending up to the day of the run, so that nothing was sent between the two.
CREATE OR REPLACE MACRO verkeer.laatste_dag() AS
    COALESCE(CAST(GETVARIABLE('peildatum') AS DATE), CAST(GETVARIABLE('vandaag') AS DATE), CURRENT_DATE);
