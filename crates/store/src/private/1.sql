-- What was written and is not signed. Times are whole seconds since the epoch.
CREATE TABLE draft (
    id      TEXT PRIMARY KEY,           -- 128 random bits, as they stand in an address
    kind    TEXT NOT NULL,              -- of matter
    matter  TEXT,                       -- as acts name it; none for an opening
    step    TEXT,                       -- in it
    typed   TEXT NOT NULL,              -- JSON: field to list of texts, as they were typed
    agreed  TEXT NOT NULL DEFAULT '[]', -- JSON: officers who have read it, each with the hash of what they read
    session TEXT NOT NULL,              -- which session touched it last
    begun   INTEGER NOT NULL,
    touched INTEGER NOT NULL,
    state   TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'signing', 'signed')),
    act     TEXT,                       -- once it is being signed
    entry   INTEGER                     -- of that act in the register, once that is final
) STRICT, WITHOUT ROWID;
CREATE INDEX draft_touched ON draft (touched DESC);
