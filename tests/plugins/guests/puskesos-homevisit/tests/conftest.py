import pytest

from core.testing import with_plugin_tables


@pytest.fixture(scope="session")
def database_urls(database_urls):
    """Core's test database with the tables of the installed plugins."""
    return with_plugin_tables(database_urls)
