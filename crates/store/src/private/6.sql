-- People of the participant who have worked here: labels, as those of keys.
CREATE TABLE person (
    id    TEXT NOT NULL PRIMARY KEY,
    added INTEGER NOT NULL              -- whole seconds since the epoch
) STRICT, WITHOUT ROWID;
-- How each reads the pages; of nobody in particular, under an empty name.
CREATE TABLE setting (
    who   TEXT NOT NULL,
    name  TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (who, name)
) STRICT, WITHOUT ROWID;
-- Lists as somebody wants them again: a name for a page and its filter.
CREATE TABLE view (
    id    TEXT NOT NULL PRIMARY KEY,    -- 128 random bits, as they stand in an address
    who   TEXT NOT NULL,
    page  TEXT NOT NULL,
    name  TEXT NOT NULL,
    query TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX view_of ON view (who, page, name);
-- Who may see and do what of the private side. While nobody stands here, each may all of it.
CREATE TABLE access (
    who  TEXT NOT NULL,
    part TEXT NOT NULL,
    PRIMARY KEY (who, part)
) STRICT, WITHOUT ROWID;
