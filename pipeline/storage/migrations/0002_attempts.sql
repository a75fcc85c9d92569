-- None of this project's tables has a foreign key to `uploads`. That table is the backend's: a key
-- would make its deletes fail (RESTRICT) or take the ledger with them (CASCADE), its type there may
-- differ from text, and entries that name no upload at all must leave a row here as well.

-- The fence of each upload: who opens an attempt takes the next number, and only the newest number
-- may write an outcome. The row is also the lock under which attempts are opened and settled.
CREATE TABLE ocr_fences (
    upload_id        text PRIMARY KEY,
    fence            bigint NOT NULL,
    -- Failures and deaths count only for attempts with a higher fence: a replayed dead letter
    -- starts with a clean sheet.
    counted_from     bigint NOT NULL DEFAULT 0,
    -- An operator wants a committed upload read again; the next commit clears it.
    reread_requested boolean NOT NULL DEFAULT false
);

-- One row a delivery. A row without an outcome is in work, or its worker has died and the entry has
-- not been claimed yet.
CREATE TABLE ocr_attempts (
    attempt_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Both null for an entry that names no upload.
    upload_id   text,
    fence       bigint,
    entry_id    text NOT NULL,
    consumer    text NOT NULL,
    -- How often Redis has handed out the entry, this time included.
    delivery    int NOT NULL,
    trace_id    text,
    started_at  timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    -- [{"name", "started_at", "seconds", …}] in the order in which they ran.
    stages      jsonb,
    -- committed   the scorecard was written
    -- retry       transient failure, to be tried again
    -- dead        permanent failure, or transient once too often: dead letter
    -- duplicate   delivered again after its commit or death: only acknowledged
    -- cancelled   the upload was cancelled: only acknowledged
    -- reviewed    refused: a person has reviewed the card
    -- stale       refused: a newer attempt had been opened
    -- released    handed back by a replica that was leaving
    -- abandoned   found without an outcome when a newer attempt was opened: its worker died, or
    --             sleeps and will be refused
    outcome     text CHECK (outcome IN (
        'committed', 'retry', 'dead', 'duplicate', 'cancelled', 'reviewed', 'stale', 'released',
        'abandoned'
    )),
    error_code  text,
    error       text,
    CONSTRAINT ocr_attempts_fence UNIQUE (upload_id, fence),
    CONSTRAINT ocr_attempts_finished CHECK ((outcome IS NULL) = (finished_at IS NULL))
);

CREATE INDEX ocr_attempts_in_work ON ocr_attempts (started_at) WHERE outcome IS NULL;
CREATE INDEX ocr_attempts_stale ON ocr_attempts (attempt_id) WHERE outcome = 'stale';
CREATE INDEX ocr_attempts_failed ON ocr_attempts (finished_at) WHERE outcome IN ('retry', 'dead');
CREATE INDEX ocr_attempts_started ON ocr_attempts (started_at);

-- Every entry that announced an upload; the first row of an upload is its publication. With the
-- attempts it proves that all that was published came to an end, even after Redis lost everything.
CREATE TABLE ocr_publications (
    upload_id    text NOT NULL,
    entry_id     text NOT NULL,
    trace_id     text,
    -- submitted   by this software's publisher
    -- observed    by another producer's XADD: noticed when it was first delivered
    -- reconciled  again, because Redis had lost it
    -- replayed    again, because an operator asked
    cause        text NOT NULL CHECK (cause IN ('submitted', 'observed', 'reconciled', 'replayed')),
    published_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (upload_id, entry_id)
);
