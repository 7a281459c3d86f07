-- The bounds of the 95 % Wilson interval of k out of n; NULL when n is 0.
-- 1.959963984540054 is the 97.5 % point of the normal distribution.
CREATE OR REPLACE MACRO keten.wilson_grens(k, n, z) AS
    (k + z * z / 2 + z * sqrt(k * (n - k) / CAST(nullif(n, 0) AS DOUBLE) + z * z / 4)) / (n + z * z);

CREATE OR REPLACE MACRO keten.wilson_laag(k, n) AS
    CASE WHEN k > 0 THEN keten.wilson_grens(k, n, -1.959963984540054) WHEN n > 0 THEN 0.0 END;

CREATE OR REPLACE MACRO keten.wilson_hoog(k, n) AS
    CASE WHEN k < n THEN keten.wilson_grens(k, n, 1.959963984540054) WHEN n > 0 THEN 1.0 END;
