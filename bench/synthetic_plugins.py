"""Small plugins as their authors would ship them: a folder to be put on PYTHONPATH, with the metadata of a wheel."""

from pathlib import Path

SOURCE = '''\
"""A programme that does little."""

from flask import Blueprint
from wtforms import StringField

from core.api import MenuItem, Permission, Plugin, Service, ServiceForm, ServiceStandard
from core.api import hookimpl, requires, village_decision

plugin = Plugin(name="{name}", title="Program {number}", summary="Program contoh", version="1.0.0", api="1")
bp = Blueprint("{name}", __name__)


class WishForm(ServiceForm):
    wish = StringField("Kebutuhan")


@bp.get("/")
@requires("{name}.read")
def page():
    return "Program {number}"


@hookimpl
def blueprint():
    return bp


@hookimpl
def permissions():
    return [Permission("{name}.read", "Melihat program {number}", ("village_staff", "district_officer"))]


@hookimpl
def services():
    return [
        Service(
            name="{name}.wish",
            title="Permohonan program {number}",
            form=WishForm,
            workflow=village_decision(time_days=3, letter=None),
            standard=ServiceStandard(time_days=3, product="Bantuan program {number}"),
        )
    ]


@hookimpl
def menu_items(area):
    return [MenuItem(label="Program {number}", endpoint="{name}.page", permission="{name}.read")]


@hookimpl
def case_panels(case):
    return None
'''


def write_plugins(directory: Path, count: int) -> list[str]:
    """Install ``count`` plugins in a folder; answers with their names."""
    names = [f"synthetic{number:03}" for number in range(1, count + 1)]
    for number, name in enumerate(names, start=1):
        package = directory / f"puskesos_{name}"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text(SOURCE.format(name=name, number=number))
    metadata = directory / "puskesos_synthetic-1.0.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: puskesos-synthetic\nVersion: 1.0.0\n")
    entries = "".join(f"{name} = puskesos_{name}\n" for name in names)
    (metadata / "entry_points.txt").write_text(f"[puskesos.plugins]\n{entries}")
    return names
