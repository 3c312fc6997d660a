"""The demonstration's office hours: the desk of Cibadak is open one day a week, its neighbour has not told any."""

from core.areas.current import CurrentArea
from core.database.session import commit, scope
from core.villages.opening_hours import read_day
from core.villages.profile import profile_of, save_profile, with_changes

WEDNESDAY = 2
TEXTS = {
    "address": "Balai Desa Cibadak, Kecamatan Ciampea, Kabupaten Bogor",
    "whatsapp": "0812 0000 2008",
    "email": "puskesos.cibadak@example.id",
    "complaints": "Sekretaris desa, di kantor desa pada jam kerja",
}


def make_profile(area: CurrentArea) -> bool:
    """False when the village has told something already."""
    with scope(area):
        stored = profile_of(area)
        if stored.version:
            return False
        save_profile(area, with_changes(stored, week={WEDNESDAY: read_day("08.00-14.00")}, texts=TEXTS))
        commit()
    return True
