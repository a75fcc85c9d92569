"""A queue with many uploads in it, filled by the servers themselves: in seconds, not hours."""

import json

import psycopg

from consumers.stream import Client, Keys

_FILL = """
INSERT INTO uploads (id, game_id, user_id, filename, content_type, file_size, s3_bucket, s3_key,
    status, retry_count, created_at, updated_at, processed_at)
SELECT 'crowd-' || lpad(n::text, 7, '0'), 'game-' || n %% 500, 'user-' || n %% 50,
    'card-' || n || '.jpg', 'image/jpeg', 300000 + n, 'crowd', 'uploads/crowd-' || n || '/card.jpg',
    (CASE WHEN n > %(uploads)s - %(unfinished)s THEN 'uploaded' WHEN n %% 20 = 0 THEN 'failed'
        WHEN n %% 7 = 0 THEN 'applied' ELSE 'parsed' END)::upload_status,
    0, at, at, CASE WHEN n <= %(uploads)s - %(unfinished)s THEN at END
FROM generate_series(1, %(uploads)s) AS n, LATERAL (
    SELECT now() - make_interval(secs => CASE WHEN n > %(uploads)s - %(unfinished)s THEN 0
        ELSE %(uploads)s - %(unfinished)s - n END)
) AS moment (at);

INSERT INTO ocr_publications (upload_id, entry_id, trace_id, cause, published_at)
SELECT id, '1-' || id, md5(id), 'submitted', created_at - interval '3 s' FROM uploads
WHERE id LIKE 'crowd-%%';

INSERT INTO ocr_fences (upload_id, fence) SELECT id, 1 FROM uploads
WHERE id LIKE 'crowd-%%' AND status <> 'uploaded';

INSERT INTO ocr_attempts (upload_id, fence, entry_id, consumer, delivery, trace_id, started_at,
    finished_at, stages, outcome, error_code, error)
SELECT id, 1, '1-' || id, 'crowd-0', 1, md5(id), created_at - interval '2 s', created_at, '[]',
    CASE WHEN status = 'failed' THEN 'dead' ELSE 'committed' END,
    CASE WHEN status = 'failed' THEN 'unreadable_image' END,
    CASE WHEN status = 'failed' THEN 'It is damaged.' END
FROM uploads WHERE id LIKE 'crowd-%%' AND status <> 'uploaded';

INSERT INTO scorecards (upload_id, document, pipeline_version, verified, committed_at)
SELECT id, '{"match": {}, "innings": [], "checks": [], "warnings": []}', '1', file_size %% 3 > 0,
    created_at
FROM uploads WHERE id LIKE 'crowd-%%' AND status IN ('parsed', 'applied');

ANALYZE;
"""


def fill_database(url: str, *, uploads: int, unfinished: int) -> list[str]:
    """Rows of so many uploads with all that belongs to them; one ended a second, until now.

    Returns:
        The ids of the unfinished ones, the last that were published.
    """
    with psycopg.connect(url) as connection:
        parameters = {"uploads": uploads, "unfinished": unfinished}
        for statement in _FILL.split(";\n\n"):
            connection.execute(statement.encode(), parameters)
        rows = connection.execute(
            "SELECT id FROM uploads WHERE status = 'uploaded' ORDER BY id"
        ).fetchall()
    return [str(upload_id) for (upload_id,) in rows]


async def fill_queue(client: Client, keys: Keys, uploads: list[str], *, claimed: int) -> None:
    """An entry for each upload, the first `claimed` of them in the hands of ten consumers."""
    async with client.pipeline(transaction=False) as commands:
        for upload_id in uploads:
            commands.xadd(keys.stream, {"data": json.dumps({"upload_id": upload_id})})
        await commands.execute()
    for number in range(10):
        await client.xreadgroup(
            keys.group, f"crowd-{number}", {keys.stream: ">"}, count=claimed // 10
        )
