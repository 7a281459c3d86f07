-- What the left half keeps beside the messages: runs, origins, quarantine, and the clients that lines refer to.
CREATE SCHEMA IF NOT EXISTS bron;
CREATE SCHEMA IF NOT EXISTS beheer;

-- One row per distinct combination of client_id, geboortejaar and geslacht, as sent.
CREATE TABLE IF NOT EXISTS bron.client (
    client_nr INTEGER
  , client_id BLOB
  , geboortejaar SMALLINT
  , geslacht VARCHAR
);

-- One row per property of the database: version of its layout, id of its key, version of the views.
CREATE TABLE IF NOT EXISTS beheer.kenmerk (
    naam VARCHAR PRIMARY KEY
  , waarde VARCHAR NOT NULL
);

-- One row per run of `ingest`. status is bezig, klaar or afgebroken.
CREATE TABLE IF NOT EXISTS beheer.run (
    run_nr INTEGER PRIMARY KEY
  , begonnen_tijdstip TIMESTAMP NOT NULL
  , geeindigd_tijdstip TIMESTAMP
  , status VARCHAR NOT NULL
  , versie VARCHAR NOT NULL
  , aantal_gelezen BIGINT NOT NULL DEFAULT 0
  , aantal_geladen BIGINT NOT NULL DEFAULT 0
  , aantal_dubbel BIGINT NOT NULL DEFAULT 0
  , aantal_in_quarantaine BIGINT NOT NULL DEFAULT 0
);

-- One row per file that messages came from, as it was named to `ingest`.
CREATE TABLE IF NOT EXISTS beheer.bestand (
    bestand_nr INTEGER PRIMARY KEY
  , pad VARCHAR NOT NULL
);

-- One row per whole file (over 1 MB) that was read to its end, and what its messages came to: loaded (no reden), or the
-- reden of their quarantine. Knows an archive that comes again. Counts only under the same grondslag, a hash of version,
-- schemas and limits; `forget` empties it.
CREATE TABLE IF NOT EXISTS beheer.gelezen_bestand (
    sha256 VARCHAR NOT NULL
  , grootte BIGINT NOT NULL
  , grondslag VARCHAR NOT NULL
  , reden VARCHAR
  , aantal BIGINT NOT NULL
);

-- One row per loaded message: its first receipt, and what its transport envelope said.
CREATE TABLE IF NOT EXISTS beheer.ontvangst (
    bericht_nr BIGINT NOT NULL
  , run_nr INTEGER NOT NULL
  , bestand_nr INTEGER NOT NULL
  , lid VARCHAR
  , envelop_soort VARCHAR
  , envelop_tijdstip TIMESTAMP
  , envelop_zender VARCHAR
  , envelop_ontvanger VARCHAR
  , envelop_referentie VARCHAR
);

-- One row per content that could not be loaded (where it was not read: per place). Gone when it is loaded after all.
CREATE TABLE IF NOT EXISTS beheer.quarantaine (
    bron VARCHAR NOT NULL
  , lid VARCHAR
  , sha256 VARCHAR
  , berichttype VARCHAR
  , release VARCHAR
  , reden VARCHAR NOT NULL
  , uitleg VARCHAR NOT NULL
  , regel INTEGER
  , pad VARCHAR
  , aantal_fouten INTEGER NOT NULL
  , run_nr INTEGER NOT NULL
);
