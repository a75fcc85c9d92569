-- Outages of Redis that were told of, a row a stream. While Redis is away nobody can hold the
-- watcher's lock in it: whose insert succeeds here tells people, and whose delete, that it is over.
CREATE TABLE ocr_redis_outages (
    stream  text PRIMARY KEY,
    -- What was told.
    alert   jsonb NOT NULL,
    -- When a replica last found Redis away.
    seen_at timestamptz NOT NULL DEFAULT now()
);
