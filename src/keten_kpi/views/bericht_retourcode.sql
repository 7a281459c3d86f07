-- One row per RetourCode of an answer, at the level where it stands; only of messages that count.
-- niveau is the class that carries it.
SELECT
    bericht.bericht_nr
    , bericht.bericht_id
    , regel.regel_nr
    , bericht.wet
    , bericht.gemeente
    , bericht.aanbieder
    , bericht.berichttype
    , bericht.release
    , bericht.verzend_dag
    , regel.niveau
    , regel.niveau_nr
    , regel.code
FROM bron.retourcode AS regel
INNER JOIN verkeer.telbaar_bericht AS bericht ON regel.bericht_nr = bericht.bericht_nr
