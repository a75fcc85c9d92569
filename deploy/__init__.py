"""What it takes to run it: the dev stack of real servers."""
