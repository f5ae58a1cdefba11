-- The log of those who watch. What was written stays as it was written: a correction strikes it, and stands beside it.
-- Times are whole seconds since the epoch; names are 128 random bits, as they stand in an address.
CREATE TABLE watch (
    id        TEXT NOT NULL PRIMARY KEY,
    at        INTEGER NOT NULL,         -- when it happened, as whoever wrote it says
    written   INTEGER NOT NULL,         -- when it was written
    kind      TEXT NOT NULL,
    says      TEXT NOT NULL,
    reference TEXT NOT NULL,            -- as it was typed; may be empty
    by        TEXT,                     -- who wrote it; nothing if nobody had said who works there
    corrects  TEXT REFERENCES watch (id)
) STRICT;
CREATE INDEX watch_at ON watch (at DESC, written DESC);
CREATE TRIGGER watch_is_not_erased BEFORE DELETE ON watch BEGIN SELECT RAISE(ABORT, 'a log is not erased'); END;
CREATE TRIGGER watch_is_not_changed BEFORE UPDATE ON watch BEGIN SELECT RAISE(ABORT, 'a log is not changed'); END;
-- What was struck: once, by whom and why.
CREATE TABLE struck (
    line TEXT NOT NULL PRIMARY KEY REFERENCES watch (id),
    at   INTEGER NOT NULL,
    by   TEXT,
    why  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- Drafts that were begun with the words of a line.
CREATE TABLE begun_from (
    draft TEXT NOT NULL PRIMARY KEY,
    line  TEXT NOT NULL REFERENCES watch (id),
    kind  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- Who has the watch, and had it.
CREATE TABLE shift (
    id    TEXT NOT NULL PRIMARY KEY,
    by    TEXT NOT NULL,
    begun INTEGER NOT NULL,
    ended INTEGER
) STRICT;
CREATE UNIQUE INDEX one_shift ON shift (ended IS NULL) WHERE ended IS NULL;
-- Who handed it to whom, with what was open then.
CREATE TABLE handover (
    id        TEXT NOT NULL PRIMARY KEY,
    shift     TEXT NOT NULL REFERENCES shift (id),
    taker     TEXT NOT NULL,
    says      TEXT NOT NULL,
    items     TEXT NOT NULL,            -- JSON, as whoever handed it over read it
    given     INTEGER NOT NULL,         -- confirmed by whoever had the watch
    taken     INTEGER,                  -- confirmed by whoever takes it
    withdrawn INTEGER
) STRICT;
CREATE UNIQUE INDEX one_handover ON handover (taken IS NULL) WHERE taken IS NULL AND withdrawn IS NULL;
-- Up to when each had seen the log.
CREATE TABLE watched (
    who    TEXT NOT NULL PRIMARY KEY,
    before INTEGER NOT NULL,
    seen   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- What somebody here is to do, in a matter or not.
CREATE TABLE task (
    id      TEXT NOT NULL PRIMARY KEY,
    says    TEXT NOT NULL,
    matter  TEXT,                       -- as acts name it
    by      TEXT,                       -- who set it
    made    INTEGER NOT NULL,
    who     TEXT,                       -- whose it is
    due     INTEGER,
    done    INTEGER,
    done_by TEXT
) STRICT;
CREATE INDEX task_open ON task (due) WHERE done IS NULL;
-- What is noted beside a matter, or beside none, and is for a circle here.
CREATE TABLE memo (
    id     TEXT NOT NULL PRIMARY KEY,
    circle TEXT NOT NULL CHECK (circle IN ('internal', 'good-offices')),
    matter TEXT,
    says   TEXT NOT NULL,
    by     TEXT,
    at     INTEGER NOT NULL
) STRICT;
CREATE INDEX memo_matter ON memo (circle, matter, at DESC);
