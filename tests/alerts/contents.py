"""What an upload of the lab may hold; a path holds a reading up until the file there is removed."""

HANG = b"hang"
"""Its child never comes back."""
KILL = b"kill"
"""It kills the replica that reads it."""
SLOW = b"slow"
"""It takes a moment."""
