-- One row per wet, codelijst, code and period in which a national list has it as a product; open ends are NULL.
-- A row without dates holds until the next vintage of its list that lacks the code; explicit dates win over rows without.
-- Headings (groepskop) are no products.
WITH vermelding AS (
    SELECT
        wet
        , codelijst
        , code
        , categorie
        , lijstversie
        , geldig_van
        , geldig_tot
        , COALESCE(geldig_van, geldig_tot) IS NOT NULL AS heeft_datums
    FROM verkeer.productcode
    WHERE NOT is_groepskop
)

, bekend AS (
    SELECT DISTINCT
        wet
        , codelijst
        , code
    FROM vermelding
)

-- vintages of a list that lack a code which another vintage of it has
, gemis AS (
    SELECT
        bekend.wet
        , bekend.codelijst
        , bekend.code
        , lijst.lijstversie
        , lijst.lijst_dag
    FROM bekend
    INNER JOIN verkeer.codelijst AS lijst
        ON
            bekend.wet = lijst.wet
            AND bekend.codelijst = lijst.codelijst
    LEFT JOIN vermelding
        ON
            lijst.wet = vermelding.wet
            AND lijst.codelijst = vermelding.codelijst
            AND lijst.lijstversie = vermelding.lijstversie
            AND bekend.code = vermelding.code
    WHERE vermelding.code IS NULL
)

-- of a code with explicit dates: the rows with dates of the newest vintage that gives them
, beslissend AS (
    SELECT
        vermelding.wet
        , vermelding.codelijst
        , vermelding.code
        , vermelding.categorie
        , vermelding.lijstversie
        , vermelding.geldig_van
        , vermelding.geldig_tot
    FROM vermelding
    QUALIFY
        DENSE_RANK() OVER (
            PARTITION BY vermelding.wet, vermelding.codelijst, vermelding.code
            ORDER BY CASE WHEN vermelding.heeft_datums THEN vermelding.lijstversie END DESC NULLS LAST
        ) = 1
)

SELECT
    beslissend.wet
    , beslissend.codelijst
    , beslissend.code
    , beslissend.categorie
    , beslissend.lijstversie
    , beslissend.geldig_van
    , COALESCE(beslissend.geldig_tot, MIN(gemis.lijst_dag) - 1) AS geldig_tot
FROM beslissend
LEFT JOIN gemis
    ON
        beslissend.wet = gemis.wet
        AND beslissend.codelijst = gemis.codelijst
        AND beslissend.code = gemis.code
        AND beslissend.lijstversie < gemis.lijstversie
GROUP BY
    beslissend.wet
    , beslissend.codelijst
    , beslissend.code
    , beslissend.categorie
    , beslissend.lijstversie
    , beslissend.geldig_van
    , beslissend.geldig_tot
