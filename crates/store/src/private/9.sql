-- The drafts of a line, and the tasks of a matter, are looked for with each page that shows them.
CREATE INDEX begun_from_line ON begun_from (line);
CREATE INDEX task_matter ON task (matter);
