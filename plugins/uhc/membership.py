"""What the village's own data say of the cover, once it was seen to be active."""

from core.api import HealthCover, Job
from core.api import lazy_gettext as _

from .services import NAMES

cover = HealthCover(NAMES, "regional", deed="uhc.membership_noted")
CATCH_UP = Job("uhc.catch_up", _("Mencatat kepesertaan UHC yang terlewat"), cover.note_missed)
