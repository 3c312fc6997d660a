"""Who can sign in to the demonstration: one person for each role. Refused in production."""

from typing import NamedTuple

DISTRICT = "32.01"
KECAMATAN = "32.01.15"
VILLAGE = "32.01.15.2008"
NEIGHBOUR = "32.01.15.2010"
"""A second village with residents of its own, so that one can see that its neighbour does not see them."""

PASSWORD = "cibadak-berdaya-2026"  # noqa: S105 - public on purpose, like the accounts


class SignIn(NamedTuple):
    username: str
    name: str
    role: str
    area: str


SIGN_INS = (
    SignIn("admin", "Rina Wulandari", "district_admin", DISTRICT),
    SignIn("dinsos", "Asep Hidayat", "district_officer", DISTRICT),
    SignIn("tksk", "Lilis Rohayati", "kecamatan_supervisor", KECAMATAN),
    SignIn("kades", "H. Ade Sopyan", "village_head", VILLAGE),
    SignIn("petugas", "Siti Nurhasanah", "village_staff", VILLAGE),
    SignIn("kader", "Euis Komariah", "field_worker", VILLAGE),
    SignIn("mitra", "dr. Yusuf Ramdani", "partner_officer", DISTRICT),
    SignIn("auditor", "Bambang Setiawan", "auditor", DISTRICT),
    SignIn("tetangga", "Neng Fitri", "village_staff", NEIGHBOUR),
)
