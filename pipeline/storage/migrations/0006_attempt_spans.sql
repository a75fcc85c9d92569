-- The span in which a delivery was processed: the next one links to it, also when its process was
-- killed. Null where the delivery was not traced, or recorded by an older version.
ALTER TABLE ocr_attempts ADD COLUMN span_id text;
