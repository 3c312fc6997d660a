"""Dated rules: what a plugin declares in ``rules.toml``, and the values that a district puts in their place."""
