"""The tool `puskesos`. A command is imported when it is called: help must not pay for the database and the web."""

import os
import pkgutil
from typing import NamedTuple

import click


class Entry(NamedTuple):
    where: str
    summary: str


COMMANDS = {
    "serve": Entry("serve:serve", "Menjalankan situs, basis data, dan pekerja latar."),
    "worker": Entry("serve:worker", "Menjalankan pekerja latar saja (impor berkas dan pekerjaan lama lainnya)."),
    "db": Entry("database:database", "Menyiapkan dan memperbarui tabel basis data."),
    "demo": Entry("demo:demo", "Mengisi data contoh: Kabupaten Bogor, akun, warga, dan kasus rekaan."),
    "tenants": Entry("districts:districts", "Menyiapkan kabupaten dan desanya: dari berkas, atau satu per satu."),
    "modules": Entry("modules:modules", "Melihat dan mengatur modul per wilayah."),
    "villages": Entry("villages:villages", "Jam buka, alamat, dan kontak desa untuk halaman warga."),
    "users": Entry("users:users", "Mengelola akun dan perannya."),
    "import": Entry("imports:import_any", "Memasukkan berkas: penduduk, penerima bantuan, hasil ukur, dan lainnya."),
    "people": Entry("people:people", "Menyalin atau menghapus data seorang warga."),
    "audit": Entry("audit:audit", "Memeriksa keutuhan jejak audit dan membacanya."),
    "rules": Entry("rules:rules", "Nilai aturan per wilayah: melihat asalnya dan menetapkan yang lain."),
    "plugins": Entry("plugins:plugins", "Melihat modul yang terpasang."),
}


class Tool(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name in COMMANDS:
            return pkgutil.resolve_name(f"{__name__}.{COMMANDS[cmd_name].where}")
        return pkgutil.resolve_name(f"{__name__}.plugins:commands_of")(cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Perintah"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> object:
        """No traceback for people: what went wrong is said in a sentence, unless a developer asks for more."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if os.environ.get("PUSKESOS_DEBUG") == "1":
                raise
            raise pkgutil.resolve_name(f"{__name__}.problems:explain")(error) from error


@click.command(
    cls=Tool,
    help="""Puskesos: satu pemasangan untuk semua desa di satu kabupaten.

Bantuan tiap perintah: puskesos PERINTAH --help. Pengaturan lewat lingkungan: DATABASE_URL (tanpa ini basis data
bawaan dipakai), PUSKESOS_DATA, PUSKESOS_ENV, PUSKESOS_URL. Kode keluar: 0 berhasil, 1 ada masalah, 2 salah tulis.""",
    context_settings={"help_option_names": ["-h", "--help"]},
)
def main() -> None:
    """Entry point of `puskesos`."""
