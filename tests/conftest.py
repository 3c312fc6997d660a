"""The whole house: core's pages with those of the district's side."""

import pytest
from flask import Blueprint

from tenants.views import blueprints


@pytest.fixture(scope="session")
def more_blueprints() -> tuple[Blueprint, ...]:
    return blueprints
