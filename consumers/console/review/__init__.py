"""Review: a card beside its picture, corrected and confirmed by people."""
