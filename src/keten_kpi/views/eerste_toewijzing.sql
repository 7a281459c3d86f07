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
FROM verkeer.toewijzingsregel AS regel
WHERE regel.toewijzing_nummer IS NOT NULL
QUALIFY
    ROW_NUMBER() OVER (
        PARTITION BY regel.wet, regel.gemeente, regel.aanbieder, regel.toewijzing_nummer
        ORDER BY ROW(regel.dagtekening, regel.bericht_id)
    ) = 1
