-- One row per message that is new since the stand, or has the key of one that is: whether it counts or is refused may be another now.
-- New is also what was sent after the old peildatum, and is known by now.
WITH aangekomen AS (
    SELECT bericht_nr
    FROM bron.bericht
    WHERE bericht_nr > CAST(GETVARIABLE('stand_bericht_nr') AS BIGINT)
    UNION
    SELECT bericht.bericht_nr
    FROM bron.bericht AS bericht
    CROSS JOIN verkeer.peildatum AS nu
    WHERE
        COALESCE(bericht.dagtekening_retour, bericht.dagtekening) > CAST(GETVARIABLE('stand_dag') AS DATE)
        AND COALESCE(bericht.dagtekening_retour, bericht.dagtekening) <= nu.peildatum
)

, nieuw AS (
    SELECT
        bericht.gemeente
        , bericht.aanbieder
        , bericht.identificatie
    FROM verkeer.verzending AS bericht
    WHERE bericht.bericht_nr IN (SELECT aangekomen.bericht_nr FROM aangekomen)
)

, kandidaat AS (
    SELECT sleutel.bericht_nr
    FROM temp.stand_zending AS sleutel
    WHERE
        sleutel.sleutel_hash IN (
            SELECT HASH(nieuw.gemeente, nieuw.aanbieder, nieuw.identificatie)
            FROM nieuw
        )
)

SELECT
    bericht.bericht_nr
    , bericht.bericht_id
    , bericht.wet
    , bericht.gemeente
    , bericht.aanbieder
    , bericht.identificatie
    , bericht.declaratie_identificatie
FROM verkeer.verzending AS bericht
WHERE
    bericht.bericht_nr IN (SELECT kandidaat.bericht_nr FROM kandidaat)
    AND (bericht.gemeente, bericht.aanbieder, bericht.identificatie) IN (
        SELECT (nieuw.gemeente, nieuw.aanbieder, nieuw.identificatie)
        FROM nieuw
    )
