-- One row per loaded message, whatever its date and whether it counts or not.
-- Which of Afzender and Ontvanger is the gemeente follows from the type; a retour repeats the header of its heenbericht.
SELECT
    bericht.bericht_nr
    , bericht.bericht_id
    , bericht.wet
    , bericht.berichttype
    , soort.soort
    , soort.richting
    , soort.hoort_bij
    , bericht.release
    , COALESCE(bericht.gemeente, CASE soort.rol_afzender WHEN 'gemeente' THEN bericht.afzender ELSE bericht.ontvanger END) AS gemeente
    , COALESCE(bericht.aanbieder, CASE soort.rol_afzender WHEN 'gemeente' THEN bericht.ontvanger ELSE bericht.afzender END) AS aanbieder
    , bericht.identificatie
    , bericht.dagtekening
    , bericht.identificatie_retour
    , bericht.dagtekening_retour
    , COALESCE(bericht.dagtekening_retour, bericht.dagtekening) AS verzend_dag
    , bericht.declaratie_identificatie
    , bericht.declaratie_dagtekening
FROM bron.bericht AS bericht
INNER JOIN verkeer.berichttype AS soort ON bericht.berichttype = soort.berichttype
