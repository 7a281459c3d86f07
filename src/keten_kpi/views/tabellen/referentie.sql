-- The reference tables: facts that ship with the package, made anew by every publication.
-- Lists that a user added (verkeer.codelijst, productcode, codelijst_lacune with is_toegevoegd) stay.

-- One row per gemeente code ever, with the jeugdregio of the gemeente that it is part of in 2026.
CREATE OR REPLACE TABLE verkeer.gemeente (
    gemeente VARCHAR
    , naam VARCHAR
    , provincie VARCHAR
    , jeugdregio VARCHAR
    , jeugdregio_2021 VARCHAR
    , grootteklasse VARCHAR
    , gemeente_2026 VARCHAR
    , opgevolgd_door VARCHAR
    , ingang_dag DATE
    , eind_dag DATE
);

-- One row per gemeente code that ended since 2015.
CREATE OR REPLACE TABLE verkeer.herindeling (
    dag DATE
    , oude_gemeente VARCHAR
    , oude_naam VARCHAR
    , nieuwe_gemeente VARCHAR
    , nieuwe_naam VARCHAR
    , opmerking VARCHAR
);

-- One row per day of 2015-2035. werkdag_nr is the running count of werkdagen up to and including the day.
CREATE OR REPLACE TABLE verkeer.kalender (
    dag DATE
    , is_werkdag BOOLEAN
    , werkdag_nr INTEGER
    , feestdag VARCHAR
);

-- One row per norm of a KPI, per wet and period of validity. Another norm is another row.
-- aan_zet is who must act: gemeente, aanbieder, or ontvanger (whoever the message of the case went to).
CREATE OR REPLACE TABLE verkeer.norm (
    kpi VARCHAR
    , onderdeel VARCHAR
    , wet VARCHAR
    , berichttype VARCHAR
    , waarde INTEGER
    , eenheid VARCHAR
    , norm VARCHAR
    , regelcode VARCHAR
    , geldig_van DATE
    , geldig_tot DATE
    , sinds VARCHAR
    , bron VARCHAR
    , aan_zet VARCHAR
);

-- One row per message type. rol_afzender is who stands in Afzender: a retour repeats the header of its heenbericht.
CREATE OR REPLACE TABLE verkeer.berichttype (
    berichttype VARCHAR
    , wet VARCHAR
    , soort VARCHAR
    , naam VARCHAR
    , berichtcodes VARCHAR
    , richting VARCHAR
    , verzender VARCHAR
    , rol_afzender VARCHAR
    , hoort_bij VARCHAR
    , sinds VARCHAR
);

-- One row per retourcode and wet. A code that is not in it refuses.
CREATE OR REPLACE TABLE verkeer.retourcode (
    wet VARCHAR
    , code VARCHAR
    , is_weigering BOOLEAN
    , regelcode VARCHAR
    , omschrijving VARCHAR
);

-- One row per release of the standard. koppelt_op_client: a 301 line may come without the reference it answers.
-- reden_in_stopsleutel: RedenBeeindiging is part of the key of a StopProduct.
CREATE OR REPLACE TABLE verkeer.release (
    release VARCHAR
    , productie_dag DATE
    , berichten VARCHAR
    , koppelt_op_client BOOLEAN
    , reden_in_stopsleutel BOOLEAN
    , opmerking VARCHAR
    , bron VARCHAR
);

-- One row per code that a figure turns on, with the name under which SQL knows it.
CREATE OR REPLACE TABLE verkeer.betekenis (
    lijst VARCHAR
    , code VARCHAR
    , betekenis VARCHAR
    , regelcode VARCHAR
);

-- One row per code of a code list and wording, with the standards that have it.
CREATE OR REPLACE TABLE verkeer.code (
    lijst VARCHAR
    , code VARCHAR
    , omschrijving VARCHAR
    , standaarden VARCHAR
);

-- One row per product category and wet.
CREATE OR REPLACE TABLE verkeer.productcategorie (
    wet VARCHAR
    , codelijst VARCHAR
    , code VARCHAR
    , omschrijving VARCHAR
    , status VARCHAR
);

-- One row per vintage of a list of national product codes.
CREATE TABLE IF NOT EXISTS verkeer.codelijst (
    wet VARCHAR
    , codelijst VARCHAR
    , lijstversie VARCHAR
    , lijst_dag DATE
    , bron VARCHAR
    , dekking VARCHAR
    , aantal_codes INTEGER
    , is_toegevoegd BOOLEAN
);

-- One row per product code in a vintage of a list. is_groepskop: a heading, no product.
CREATE TABLE IF NOT EXISTS verkeer.productcode (
    wet VARCHAR
    , codelijst VARCHAR
    , lijstversie VARCHAR
    , code VARCHAR
    , categorie VARCHAR
    , omschrijving VARCHAR
    , uitvoeringsvariant VARCHAR
    , is_groepskop BOOLEAN
    , geldig_van DATE
    , geldig_tot DATE
    , is_toegevoegd BOOLEAN
);

-- One row per set of codes that a vintage is known not to cover: a pattern for the whole code, or a category.
CREATE TABLE IF NOT EXISTS verkeer.codelijst_lacune (
    wet VARCHAR
    , codelijst VARCHAR
    , lijstversie VARCHAR
    , code_patroon VARCHAR
    , categorie VARCHAR
    , uitleg VARCHAR
    , is_toegevoegd BOOLEAN
);
