"""One field for everything of a village: residents, cases, and what its modules find."""
