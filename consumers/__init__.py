"""The processes, and everything that speaks to Redis."""
