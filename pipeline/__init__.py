"""Bytes of a picture to a scorecard, and on to PostgreSQL; knows no Redis and no settings."""
