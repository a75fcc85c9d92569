"""How long the console takes for its pages."""
