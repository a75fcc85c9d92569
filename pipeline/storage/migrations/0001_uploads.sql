-- The backend's table, for an installation that has no backend of its own. Where `uploads` exists
-- it belongs to the backend: nothing is added to it, altered or indexed, here or in any later file.
DO $$
BEGIN
    IF to_regclass('uploads') IS NOT NULL THEN
        RETURN;
    END IF;

    IF to_regtype('upload_status') IS NULL THEN
        CREATE TYPE upload_status AS ENUM (
            'initiated', 'uploaded', 'processing', 'parsed', 'applied', 'failed', 'cancelled'
        );
    END IF;

    CREATE TABLE uploads (
        id             text PRIMARY KEY,
        game_id        text,
        user_id        text,
        filename       text,
        content_type   text,
        file_size      int,
        s3_bucket      text,
        s3_key         text,
        presigned_url  text,
        status         upload_status NOT NULL DEFAULT 'initiated',
        parsed_preview json,
        error_message  text,
        retry_count    int NOT NULL DEFAULT 0,
        created_at     timestamptz NOT NULL DEFAULT now(),
        updated_at     timestamptz NOT NULL DEFAULT now(),
        processed_at   timestamptz,
        applied_at     timestamptz
    );

    -- What is not finished, oldest first: few rows at any time, whatever the table has gathered.
    CREATE INDEX uploads_unfinished ON uploads (updated_at) WHERE status IN ('uploaded', 'processing');
    CREATE INDEX uploads_by_status ON uploads (status, created_at);
END
$$;
