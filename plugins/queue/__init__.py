"""Antrean: the day of the desk, from the booking and the number to the call, the board and the end of a ticket.

Waiting people are counted, never named: the board shows numbers alone.
"""

from core.api import Plugin
from core.api import lazy_gettext as _

from . import models  # noqa: F401 - the tables

plugin = Plugin(
    name="queue",
    title=_("Antrean"),
    summary=_(
        "Nomor antrean, janji datang, papan panggilan, permintaan di luar jam buka, dan berkas yang dicek lebih dulu"
    ),
    version="1.0.0",
    api="1",
    personal_data=("bookings",),
)
