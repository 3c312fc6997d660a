"""The pages of referrals: the village's, the receiving side's, and the district's registry of organisations."""

from . import inbox, organisations, village, writing  # noqa: F401 - writing puts its views on the village's

blueprints = (village.bp, inbox.bp, organisations.bp)
