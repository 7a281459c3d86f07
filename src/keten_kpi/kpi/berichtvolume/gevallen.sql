-- One row per message that counts.
SELECT
    CAST(bericht.bericht_id AS VARCHAR) AS geval_id
    , bericht.bericht_id
    , bericht.wet
    , bericht.gemeente
    , bericht.aanbieder
    , bericht.release
    , bericht.berichttype
    , bericht.soort
    , COALESCE(bericht.identificatie_retour, bericht.identificatie) AS referentie
    , bericht.verzend_dag AS start_dag
    , CASE soort.verzender WHEN 'gemeente' THEN bericht.gemeente ELSE bericht.aanbieder END AS verzender
    , CAST(NULL AS VARCHAR) AS reden_telt_niet
FROM verkeer.telbaar_bericht AS bericht
INNER JOIN verkeer.berichttype AS soort ON bericht.berichttype = soort.berichttype
