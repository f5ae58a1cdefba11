-- Forms that were sent while the desk was locked: what was typed in each, until somebody sends it again or drops it.
CREATE TABLE held (
    id   TEXT NOT NULL PRIMARY KEY,     -- 128 random bits, as they stand in an address
    part TEXT NOT NULL,                 -- who may see it: a part of the private side
    path TEXT NOT NULL,                 -- where it was sent to
    sent TEXT NOT NULL,                 -- JSON: field to list of texts
    at   INTEGER NOT NULL               -- whole seconds since the epoch
) STRICT, WITHOUT ROWID;
