-- Programs that follow what concerns the participant. The keys themselves are nowhere: what opens a feed is known by its hash.
CREATE TABLE feed (
    key     TEXT PRIMARY KEY,           -- SHA-256 of the key, hex
    session TEXT NOT NULL,              -- in which session it was made
    made    INTEGER NOT NULL            -- whole seconds since the epoch
) STRICT, WITHOUT ROWID;
