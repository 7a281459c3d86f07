-- One row per gemeente and toewijzing_nummer whose chain may be another one now: of a message that names it, or of its answer.
-- Or only by the day: the term of a first start ended, or that of an answer to a message that names it.
WITH regel AS (
    SELECT
        bericht_nr
        , toewijzing_nummer
    FROM bron.toegewezen_product
    UNION ALL
    SELECT
        bericht_nr
        , toewijzing_nummer
    FROM bron.start_product
    UNION ALL
    SELECT
        bericht_nr
        , toewijzing_nummer
    FROM bron.stop_product
    UNION ALL
    SELECT
        bericht_nr
        , toewijzing_nummer
    FROM bron.prestatie
)

, onbeantwoord AS (
    SELECT
        start_bericht_id
        , antwoord_dag
        , uiterste_dag
    FROM temp.stand_retourtermijn
    UNION ALL
    SELECT
        start_bericht_id
        , antwoord_dag
        , uiterste_dag
    FROM temp.stand_declaratie_antwoordtermijn
)

, verlopen AS (
    SELECT geval.start_bericht_id
    FROM onbeantwoord AS geval
    CROSS JOIN verkeer.peildatum AS nu
    WHERE
        geval.antwoord_dag IS NULL
        AND geval.uiterste_dag >= CAST(GETVARIABLE('stand_dag') AS DATE)
        AND geval.uiterste_dag < nu.peildatum
)

, naam AS (
    SELECT
        bericht_nr
        , gemeente
    FROM temp.geraakt_bericht
    UNION
    SELECT
        bericht.bericht_nr
        , bericht.gemeente
    FROM verkeer.verzending AS bericht
    WHERE bericht.bericht_id IN (SELECT verlopen.start_bericht_id FROM verlopen)
)

-- the days from which the term of a first start ended since
, begin AS (
    SELECT begin.dag
    FROM verkeer.kalender AS begin
    INNER JOIN verkeer.norm AS norm
        ON
            norm.kpi = 'starttermijn'
            AND norm.onderdeel = 'termijn'
            AND begin.dag BETWEEN norm.geldig_van AND norm.geldig_tot
    INNER JOIN verkeer.kalender AS laatste
        ON
            begin.werkdag_nr + norm.waarde = laatste.werkdag_nr
            AND laatste.is_werkdag
    CROSS JOIN verkeer.peildatum AS nu
    WHERE
        laatste.dag >= CAST(GETVARIABLE('stand_dag') AS DATE)
        AND laatste.dag < nu.peildatum
)

SELECT
    naam.gemeente
    , regel.toewijzing_nummer
FROM regel
INNER JOIN naam ON regel.bericht_nr = naam.bericht_nr
WHERE regel.toewijzing_nummer IS NOT NULL
UNION
SELECT
    bericht.gemeente
    , regel.toewijzing_nummer
FROM bron.toegewezen_product AS regel
INNER JOIN verkeer.verzending AS bericht ON regel.bericht_nr = bericht.bericht_nr
WHERE
    regel.toewijzing_nummer IS NOT NULL
    AND (
        regel.ingangsdatum IN (SELECT begin.dag FROM begin)
        OR bericht.dagtekening IN (SELECT begin.dag FROM begin)
    )
