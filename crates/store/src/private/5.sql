-- Passkeys that officers made here. Their secrets lie elsewhere; what is enrolled, the register says.
CREATE TABLE passkey (
    label      TEXT PRIMARY KEY,        -- the key's
    office     TEXT NOT NULL,           -- who is to hold it
    vkey       TEXT NOT NULL,
    rp         TEXT NOT NULL,           -- the relying party's id
    origin     TEXT NOT NULL,           -- the page's
    credential TEXT NOT NULL UNIQUE,    -- its name at the authenticator, in the base 64 of addresses
    made       INTEGER NOT NULL         -- whole seconds since the epoch
) STRICT, WITHOUT ROWID;
-- Acts that are written and wait for passkeys: a draft's, with what was asserted so far.
CREATE TABLE half_signed (
    draft TEXT PRIMARY KEY,
    act   TEXT NOT NULL,                -- its text
    read  TEXT NOT NULL,                -- what its officers have read, as a hash
    lines TEXT NOT NULL,                -- JSON: signature lines of passkeys
    made  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
