-- One row per wet, codelijst, code and period in which a national list has it as a product; open ends are NULL.
-- A row without dates holds until the next vintage of its list that lacks the code; explicit dates win over rows without.
-- Headings (groepskop) are no products.
WITH vermelding AS (
    SELECT
        code.wet
        , code.codelijst
        , code.code
        , code.categorie
        , lijst.lijst_dag
        , code.geldig_van
        , code.geldig_tot
        , coalesce(code.geldig_van, code.geldig_tot) IS NOT NULL AS heeft_datums
    FROM keten.productcode AS code
    INNER JOIN keten.codelijst AS lijst
        ON
            code.wet = lijst.wet
            AND code.codelijst = lijst.codelijst
            AND code.lijstversie = lijst.lijstversie
    WHERE NOT code.is_groepskop
)

, gemis AS (
    -- vintages of a list that lack a code which another vintage of it has
    SELECT
        bekend.wet
        , bekend.codelijst
        , bekend.code
        , lijst.lijst_dag
    FROM (SELECT DISTINCT vermelding.wet, vermelding.codelijst, vermelding.code FROM vermelding) AS bekend
    INNER JOIN keten.codelijst AS lijst
        ON
            bekend.wet = lijst.wet
            AND bekend.codelijst = lijst.codelijst
    LEFT JOIN vermelding
        ON
            lijst.wet = vermelding.wet
            AND lijst.codelijst = vermelding.codelijst
            AND lijst.lijst_dag = vermelding.lijst_dag
            AND bekend.code = vermelding.code
    WHERE vermelding.code IS NULL
)

, beslissend AS (
    -- of a code with explicit dates: the rows with dates of the newest vintage that gives them
    SELECT
        vermelding.wet
        , vermelding.codelijst
        , vermelding.code
        , vermelding.categorie
        , vermelding.lijst_dag
        , vermelding.geldig_van
        , vermelding.geldig_tot
    FROM vermelding
    QUALIFY
        dense_rank() OVER (
            PARTITION BY vermelding.wet, vermelding.codelijst, vermelding.code
            ORDER BY
                vermelding.heeft_datums DESC
                , CASE WHEN vermelding.heeft_datums THEN vermelding.lijst_dag END DESC
        ) = 1
)

SELECT
    beslissend.wet
    , beslissend.codelijst
    , beslissend.code
    , beslissend.categorie
    , beslissend.lijst_dag
    , beslissend.geldig_van
    , coalesce(beslissend.geldig_tot, min(gemis.lijst_dag) - 1) AS geldig_tot
FROM beslissend
LEFT JOIN gemis
    ON
        beslissend.wet = gemis.wet
        AND beslissend.codelijst = gemis.codelijst
        AND beslissend.code = gemis.code
        AND beslissend.lijst_dag < gemis.lijst_dag
GROUP BY
    beslissend.wet
    , beslissend.codelijst
    , beslissend.code
    , beslissend.categorie
    , beslissend.lijst_dag
    , beslissend.geldig_van
    , beslissend.geldig_tot
