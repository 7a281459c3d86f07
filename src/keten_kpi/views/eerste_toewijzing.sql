-- One row per wet, gemeente, aanbieder and toewijzing_nummer: the first 301 that has it.
-- Lines of a refused 301 and withdrawn toewijzingen are as if never sent.
SELECT
    regel.wet
    , regel.gemeente
    , regel.aanbieder
    , regel.toewijzing_nummer
    , regel.release
    , regel.berichttype
    , regel.dagtekening
    , regel.bericht_nr
    , regel.bericht_id
FROM verkeer.toegewezen_product AS regel
LEFT JOIN verkeer.ingetrokken_toewijzing AS ingetrokken
    ON
        regel.wet = ingetrokken.wet
        AND regel.gemeente = ingetrokken.gemeente
        AND regel.toewijzing_nummer = ingetrokken.toewijzing_nummer
WHERE
    NOT regel.is_afgekeurd
    AND regel.toewijzing_nummer IS NOT NULL
    AND ingetrokken.toewijzing_nummer IS NULL
QUALIFY
    ROW_NUMBER() OVER (
        PARTITION BY regel.wet, regel.gemeente, regel.aanbieder, regel.toewijzing_nummer
        ORDER BY regel.dagtekening, regel.bericht_id
    ) = 1
