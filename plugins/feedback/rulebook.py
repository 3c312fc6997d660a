"""The dated rules: the index, the questions, the sample, and what no regulation says."""

from datetime import date

from core.api import Rule, Rules
from core.api import lazy_gettext as _

index_rules, question_rules, sample_rules, display_rules = Rules.load_parts(
    "plugins.feedback",
    "ikm",
    "questions",
    "sample",
    "display",
    titles={
        "one_in": _("Jumlah unsur, yang masing-masing berbobot sama"),
        "scale": _("Pengali rata-rata 1–4 menjadi 25–100"),
        "grades": _("Batas bawah nilai IKM"),
        "asked": _("Pertanyaan"),
        "answers": _("Pilihan jawaban"),
        "chi_square": _("Chi-kuadrat tabel sampel"),
        "share": _("Proporsi tabel sampel"),
        "margin": _("Galat tabel sampel"),
        "small": _("Jumlah penilai terkecil yang nilainya ditampilkan"),
        "valid_days": _("Hari berlakunya undangan menilai"),
        "overview_months": _("Bulan ke belakang pada ringkasan kabupaten"),
    },
)


def index_rule(day: date) -> Rule:
    """The rule of a day; of one that no rule speaks of, the latest. So the three below."""
    return index_rules.get(day) or index_rules.all[-1]


def question_rule(day: date) -> Rule:
    return question_rules.get(day) or question_rules.all[-1]


def sample_rule(day: date) -> Rule:
    return sample_rules.get(day) or sample_rules.all[-1]


def display_rule(day: date) -> Rule:
    return display_rules.get(day) or display_rules.all[-1]
