"""The pages of accounts: the door, one's own account, and what an area's administrator does to the others."""

from . import deeds, invitations, own_account, rights, roles, two_step  # noqa: F401 - each adds its pages
from .accounts import bp as _accounts
from .door import bp as _users

blueprints = (_users, _accounts)
