"""The way over from Celery: what is left in its queue is moved, and its callers find a bridge."""
