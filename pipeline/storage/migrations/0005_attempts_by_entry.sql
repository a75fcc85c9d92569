-- How long an entry has been in work is asked by its id.
CREATE INDEX ocr_attempts_entry ON ocr_attempts (entry_id);
