"""What an ``env.py`` of migrations does; a plugin's is the same two lines as core's."""

from alembic import context

from core.database.base import Base


def run() -> None:
    """Migrate on the connection that ``core.database.upgrade`` gave, recording in the version table that it named."""
    attributes = context.config.attributes
    context.configure(
        connection=attributes["connection"],
        version_table=attributes["version_table"],
        target_metadata=Base.metadata,
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
