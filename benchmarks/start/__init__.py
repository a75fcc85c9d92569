"""How soon a replica works, and what it costs while there is nothing to do."""
