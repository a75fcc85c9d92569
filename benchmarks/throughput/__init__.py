"""Uploads a minute: our stages alone, the whole system, and the Celery worker that it replaces."""
