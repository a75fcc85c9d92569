-- Uploads are looked for by what went wrong with them.
CREATE INDEX ocr_attempts_error ON ocr_attempts (error_code, started_at) WHERE error_code IS NOT NULL;
