-- What people did with scorecards: a row an act. The revision is the card's own count, which every
-- commit of a reading raises as well. See 0002 for why there is no foreign key.
CREATE TABLE scorecard_revisions (
    upload_id text NOT NULL,
    revision  int NOT NULL,
    -- The revision that the person saw; a reading may lie between two acts.
    made_from int NOT NULL,
    -- edited     values were given
    -- confirmed  the card is right: the upload is applied
    -- rejected   nothing may come of it: the upload is cancelled
    -- reread     given up to another reading
    action    text NOT NULL CHECK (action IN ('edited', 'confirmed', 'rejected', 'reread')),
    reviewer  text NOT NULL,
    -- [{"cell", "was", "became"}]
    changes   jsonb NOT NULL DEFAULT '[]',
    -- In the person's own words, for a rejection.
    reason    text,
    made_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (upload_id, revision)
);

COMMENT ON COLUMN scorecards.reviewed_at IS
    'When a person first worked on the card; from then on no reading overwrites it, unless a person asks for one.';
