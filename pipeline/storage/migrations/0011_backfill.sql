-- Uploads of an archive, whose entries wait behind all others. Noted in the transaction that records
-- the upload, before there is an entry: who finds that one missing knows where it belongs.
CREATE TABLE ocr_backfill (
    upload_id   text PRIMARY KEY,
    recorded_at timestamptz NOT NULL DEFAULT now()
);
