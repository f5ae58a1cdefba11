-- Teams that are out, as they said last; the log of the watch has what they said before.
CREATE TABLE team (
    id     TEXT PRIMARY KEY,
    name   TEXT NOT NULL,
    place  TEXT NOT NULL,               -- in free words; may be empty
    heard  INTEGER NOT NULL,            -- whole seconds since the epoch
    next   INTEGER,                     -- by when it is to be heard again; none while it is in
    log    TEXT NOT NULL                -- the line of the log that says so
) STRICT, WITHOUT ROWID;
