-- A key opens the feed, or a list as a table for a spreadsheet: which, with its filter, as an address has it behind the agreement.
ALTER TABLE feed ADD COLUMN shows TEXT NOT NULL DEFAULT '';
