"""What traces and metrics cost an upload."""
