"""A whole village against every programme: who may be entitled to what and never asked for it."""
