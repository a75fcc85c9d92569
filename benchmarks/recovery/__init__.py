"""How soon what a killed replica held is worked on again."""
