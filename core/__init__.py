"""Puskesos: what every programme shares. ``create_app`` reads like a table of contents."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Blueprint, Flask

    from core.config import Config


def create_app(config: "Config", database_url: str, blueprints: "Iterable[Blueprint]" = ()) -> "Flask":
    """The web application.

    Args:
        config: the installation's settings.
        database_url: signs in as the application role, which owns nothing and obeys row-level security.
        blueprints: pages besides core's own; ``tenants`` brings those of the district's side.
    """
    from core.application import build  # noqa: PLC0415 - the supervisor and `--help` must not pay for Flask

    return build(config, database_url, blueprints=blueprints)
