-- What a draft held when somebody read it, and what it held when they had read it before; gone with the draft.
CREATE TABLE draft_read (
    draft  TEXT NOT NULL,
    who    TEXT NOT NULL,               -- the label of an officer's key, or the session of who has not said who they are
    read   TEXT NOT NULL,               -- the hash of what was read
    held   TEXT NOT NULL,               -- JSON: what was typed, the names of the files, and when it was read
    before TEXT,                        -- the same, of what was read before it; none once its officer agrees
    at     INTEGER NOT NULL,
    PRIMARY KEY (draft, who)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER draft_gone AFTER DELETE ON draft BEGIN
    DELETE FROM draft_read WHERE draft = OLD.id;
END;
CREATE TRIGGER draft_signed AFTER UPDATE OF state ON draft WHEN NEW.state = 'signed' BEGIN
    DELETE FROM draft_read WHERE draft = NEW.id;
END;
-- An agreement says when it was given; of those before, no later than the draft was touched is known.
UPDATE draft SET agreed = (
    SELECT json_group_array(json_set(value, '$.at', CAST(draft.touched AS TEXT))) FROM json_each(draft.agreed)
) WHERE agreed <> '[]';
