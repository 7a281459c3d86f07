-- One row per client_nr: the client as hex text and as bytes. One client may have several client_nr.
SELECT
    client_nr
    , client_id AS client_sleutel
    , LOWER(HEX(client_id)) AS client_id
    , geboortejaar
    , geslacht
FROM bron.client
