"""`puskesos people`: what a resident may ask for, from the terminal."""

from pathlib import Path
from uuid import UUID

import click

from core.areas.code import AreaCode, Level
from core.areas.current import CurrentArea
from core.audit import record
from core.database.session import commit, scope
from core.people.forms import same_name
from core.people.models import Person
from core.people.search import find_person
from core.personal_data.copying import write_file
from core.personal_data.erasing import MayNotBeErased, erase
from tenants.running import application

from .parameters import AREA, provisioned
from .problems import Problem

village = click.argument("code", metavar="DESA", type=AREA)
person_id = click.argument("person_id", metavar="KODE_WARGA", type=click.UUID)


@click.group("people", help="Menyalin atau menghapus data seorang warga.")
def people() -> None:
    pass


@people.command("export", help="Menulis salinan semua data tentang seorang warga (UU 27/2022) ke berkas JSON.")
@village
@person_id
@click.argument("file", metavar="BERKAS", type=click.Path(path_type=Path))
def export_person(code: AreaCode, person_id: UUID, file: Path) -> None:
    if file.exists():
        raise Problem(f"Berkas {file} sudah ada. Pilih nama lain; berkas lama tidak ditimpa.")
    with application():
        area = provisioned(_village(code))
        with scope(area):
            write_file(area, _resident(area, person_id), file)
            record("people.copy_written", "person", person_id)
            commit()
    click.echo(f"Salinan data ditulis ke {file}. Isinya rahasia: serahkan kepada warga, lalu hapus.")


@people.command("erase", help="Menghapus data pribadi seorang warga untuk selamanya; kasusnya tinggal tanpa nama.")
@village
@person_id
@click.option("--name", prompt="Ketik nama warga untuk memastikan", help="Nama warga, untuk memastikan.")
def erase_person(code: AreaCode, person_id: UUID, name: str) -> None:
    with application():
        area = provisioned(_village(code))
        with scope(area):
            person = _resident(area, person_id)
            if not same_name(name, person.name):
                raise Problem("Nama yang diketik tidak sama. Tidak ada yang dihapus.")
            try:
                erased = erase(area, person_id, version=person.version)
            except MayNotBeErased as refused:
                raise Problem(str(refused)) from refused
            commit()
    click.echo(f"Data pribadi dihapus: {sum(erased.rows.values())} baris dikosongkan, {erased.files} berkas dihapus.")


def _village(code: AreaCode) -> AreaCode:
    if code.level != Level.VILLAGE:
        raise click.BadParameter(f"{code} bukan kode desa. Tulis seperti 32.01.15.2008.", param_hint="DESA")
    return code


def _resident(area: CurrentArea, person_id: UUID) -> Person:
    person = find_person(area.id, person_id)
    if person is None or person.erased:
        raise Problem(f"Warga {person_id} tidak ada di {area.title}. Kodenya ada di alamat halaman warga.")
    return person
