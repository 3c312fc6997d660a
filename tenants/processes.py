"""What `serve` tells the processes that it starts: where the database is, which key to use, and whom to follow."""

import os
import signal
import sys

from core.config import Config
from core.database.embedded import die_with_parent
from core.database.urls import DatabaseUrls

PARENT = "PUSKESOS_PARENT"


def hand_down(config: Config, urls: DatabaseUrls) -> None:
    """Put into the environment what children need, so that none of them starts a database or makes a key of its own."""
    os.environ.update(
        {
            "DATABASE_URL": urls.owner,
            "DATABASE_APP_URL": urls.app,
            "SECRET_KEY": config.secret_key,
            "PUSKESOS_DATA": str(config.data_dir),
            PARENT: str(os.getpid()),
        }
    )


def follow_parent() -> None:
    """In a child: end when `serve` ends, even by ``kill -9``. Elsewhere it does nothing."""
    parent = os.environ.get(PARENT)
    if parent is None:
        return
    # A web process is forked with the parent's handler, which would swallow the signal until its own is in place.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    die_with_parent()
    if os.getppid() != int(parent):  # it died while this process was still loading
        sys.exit(1)
