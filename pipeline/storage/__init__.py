"""What lasts: objects in S3; uploads, attempts and scorecards in PostgreSQL."""
