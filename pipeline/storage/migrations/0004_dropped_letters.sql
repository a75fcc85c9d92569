-- Dead letters that an operator has dropped: nothing goes without a row that says so.
CREATE TABLE ocr_dropped_letters (
    letter_id  text NOT NULL,
    -- Null where the entry named no upload.
    upload_id  text,
    reason     text NOT NULL,
    error      text NOT NULL,
    trace_id   text,
    -- The letter's fields as they stood in Redis, bytes that are no UTF-8 replaced.
    fields     jsonb NOT NULL,
    dropped_at timestamptz NOT NULL DEFAULT now(),
    -- Redis may begin its ids anew.
    PRIMARY KEY (letter_id, dropped_at)
);
