-- Whom one can call: posts and those who hold them. Times are whole seconds since the epoch.
CREATE TABLE directory (
    id          TEXT NOT NULL PRIMARY KEY, -- 128 random bits, as they stand in an address
    participant TEXT NOT NULL,             -- its id; empty for others
    office      TEXT NOT NULL,
    role        TEXT NOT NULL,
    person      TEXT NOT NULL,
    numbers     TEXT NOT NULL,             -- JSON: list of [what it is, number]
    languages   TEXT NOT NULL,
    note        TEXT NOT NULL,
    valid_from  INTEGER,
    valid_until INTEGER,
    duty_from   INTEGER,
    duty_until  INTEGER,
    changed     INTEGER NOT NULL,
    changed_by  TEXT
) STRICT;
-- Tests of the numbers of a post, one a line.
CREATE TABLE line_test (
    id     TEXT NOT NULL PRIMARY KEY,
    post   TEXT NOT NULL REFERENCES directory (id) ON DELETE CASCADE,
    at     INTEGER NOT NULL,
    by     TEXT,
    result TEXT NOT NULL CHECK (result IN ('answered', 'no-answer', 'out-of-order'))
) STRICT;
CREATE INDEX line_test_of ON line_test (post, at DESC);
