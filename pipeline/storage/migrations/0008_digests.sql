-- What each picture is made of, so that one that comes a second time is known again.
CREATE TABLE ocr_digests (
    upload_id   text PRIMARY KEY,
    sha256      bytea NOT NULL CHECK (length(sha256) = 32),
    recorded_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX ocr_digests_sha256 ON ocr_digests (sha256, recorded_at);
