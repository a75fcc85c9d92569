-- One row an upload. It outlives an `uploads` row that the backend deletes, as the proof that the
-- upload was read; see 0002 for why there is no foreign key.
CREATE TABLE scorecards (
    upload_id        text PRIMARY KEY,
    document         jsonb NOT NULL,
    pipeline_version text NOT NULL,
    -- Every equation that the picture supports holds.
    verified         boolean NOT NULL,
    -- 1 for the first commit; each later commit adds one.
    revision         int NOT NULL DEFAULT 1,
    committed_at     timestamptz NOT NULL DEFAULT now(),
    -- When a person confirmed the card; from then on no reading overwrites it.
    reviewed_at      timestamptz
);

CREATE INDEX scorecards_to_review ON scorecards (committed_at) WHERE reviewed_at IS NULL;
