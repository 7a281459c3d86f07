-- One row per message that is new since the stand, or has the key of one that is: whether it counts or is refused may be another now.
-- New is also what was sent after the old peildatum, and is known by now.
WITH nieuw AS (
    SELECT
        bericht.gemeente
        , bericht.aanbieder
        , bericht.identificatie
    FROM verkeer.verzending AS bericht
    CROSS JOIN verkeer.peildatum AS nu
    WHERE
        bericht.bericht_nr > CAST(GETVARIABLE('stand_bericht_nr') AS BIGINT)
        OR (bericht.verzend_dag > CAST(GETVARIABLE('stand_dag') AS DATE) AND bericht.verzend_dag <= nu.peildatum)
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
    (bericht.gemeente, bericht.aanbieder, bericht.identificatie) IN (
        SELECT (nieuw.gemeente, nieuw.aanbieder, nieuw.identificatie)
        FROM nieuw
    )
