"""The dated rules of PBI-JK."""

from core.api import Rules

rules = Rules.load("plugins.pbi_jk")
latest = rules.all[-1]
