"""Where a card's CPU time goes, and what each further look buys for its share."""
