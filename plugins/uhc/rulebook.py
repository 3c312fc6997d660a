"""The dated rules of a district's own health cover."""

from core.api import Rules

rules = Rules.load("plugins.uhc")
latest = rules.all[-1]
