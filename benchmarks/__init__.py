"""How well cards are read, how fast, and at what cost; and the rendering of cards to read."""
