"""Run by Alembic for core's migrations. ``core.database.upgrade`` gives the connection and the version table."""

from core.database.migrate import run

run()
