-- What somebody here has to be told of. Its name is made from what it is about, so that it is raised once, whenever it is found.
CREATE TABLE alert (
    seq       INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, -- in the order in which they were raised: a stream goes on from one
    id        TEXT NOT NULL UNIQUE,     -- a UUID
    kind      TEXT NOT NULL,
    reference TEXT NOT NULL,            -- of the matter; nothing, if it is about the record
    since     INTEGER NOT NULL,         -- when it came about, in whole seconds since the epoch
    due       INTEGER,
    whom      TEXT,                     -- whom alone it concerns first
    raised    INTEGER NOT NULL,
    over      INTEGER,                  -- when what it is about was over before anybody took it
    taken     INTEGER,
    taken_by  TEXT
) STRICT;
CREATE INDEX alert_open ON alert (seq) WHERE taken IS NULL AND over IS NULL;

-- Up the ladder: who was told of it, and when.
CREATE TABLE alert_told (
    alert TEXT NOT NULL,
    rung  INTEGER NOT NULL,             -- from 1
    who   TEXT NOT NULL,                -- a person or a post; nothing, if nobody was on duty
    at    INTEGER NOT NULL,
    PRIMARY KEY (alert, rung)
) STRICT, WITHOUT ROWID;

-- What is to be sent to the program outside that rings or writes, until it has taken it.
CREATE TABLE outgoing (
    id    TEXT NOT NULL PRIMARY KEY,    -- the same each time it is sent, so that it is acted on once
    alert TEXT NOT NULL,
    rung  INTEGER NOT NULL,
    made  INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    next  INTEGER,                      -- when it is tried again; none, once it was taken or given up
    sent  INTEGER,                      -- when it was taken
    why   TEXT NOT NULL DEFAULT ''      -- what went wrong last
) STRICT, WITHOUT ROWID;
CREATE INDEX outgoing_next ON outgoing (next) WHERE next IS NOT NULL;

-- How far something was looked through.
CREATE TABLE reached (
    what TEXT NOT NULL PRIMARY KEY,
    far  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
