"""Who is let in, what a browser may do, and how much anybody may ask for."""
