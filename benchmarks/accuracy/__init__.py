"""How well cards are read: every cell of a reading against the truth, with CPU and memory."""
