"""The pages of referrals: the village's, the receiving side's, and the district's registry of organisations."""

from . import inbox, organisations, village

blueprints = (village.bp, inbox.bp, organisations.bp)
