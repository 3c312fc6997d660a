"""What the village's own data say of a membership, once it was seen to be active."""

from core.api import HealthCover, Job
from core.api import lazy_gettext as _

from .services import NAMES

cover = HealthCover(NAMES, "pbi", deed="pbi_jk.membership_noted")
CATCH_UP = Job("pbi_jk.catch_up", _("Mencatat kepesertaan PBI-JK yang terlewat"), cover.note_missed)
