-- How far each session had seen the record: what is behind that is new to whoever works in it.
CREATE TABLE looked (
    session TEXT PRIMARY KEY,           -- a name of it that opens nothing
    entries INTEGER NOT NULL,           -- how many were final before this look
    until   INTEGER NOT NULL,           -- and up to which time they reached; whole seconds since the epoch
    seen    INTEGER NOT NULL,           -- the same, in this look
    reached INTEGER NOT NULL,
    at      INTEGER NOT NULL            -- when it was looked last
) STRICT, WITHOUT ROWID;
