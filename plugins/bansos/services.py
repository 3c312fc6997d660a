"""What a resident can ask for: to be proposed for Sembako/BPNT, or that a card works again. Others decide both."""

from collections.abc import Iterator
from datetime import date, timedelta

from core.api import (
    Case,
    Family,
    FollowUp,
    Letter,
    PlannedReferral,
    Requirement,
    Service,
    ServiceStandard,
    gettext,
    outside_decision,
    proposal_meeting,
    through_dinsos,
    with_meeting,
)
from core.api import lazy_gettext as _

from .forms import CardForm, ProposalForm
from .rulebook import card_rules, food_rules
from .screening import may_get_food, may_mend_card

CARD = Requirement(
    "kks_card",
    _("Kartu KKS"),
    mandatory=False,
    owner="household",
    hint=_("Bila sudah punya: kartu dan buku tabungannya, untuk nomor dan keadaannya."),
)
POLICE_LETTER = Requirement(
    "police_letter",
    _("Surat kehilangan dari polisi"),
    mandatory=False,
    hint=_("Bila kartu hilang. Kebiasaan bank; aturannya belum dipastikan."),
)


def look_again(case: Case, _family: Family, day: date) -> Iterator[FollowUp]:
    """A card that works again proves itself by the next payment."""
    if case.state == "approved":
        days = card_rules.value("recheck_days").on(day)
        yield FollowUp(gettext("Tanyakan apakah bantuan berikutnya masuk ke KKS"), day + timedelta(days))


food = Service(
    name="bansos.food",
    sector="food",
    title=_("Usulan Sembako/BPNT"),
    short_title="Sembako",
    summary=_("Bantuan pangan bulanan lewat Kartu Keluarga Sejahtera (KKS) untuk keluarga kurang mampu."),
    form=ProposalForm,
    for_whom=may_get_food,
    rules=food_rules,
    subject="household",
    requirements=[Requirement.ID_CARD, Requirement.KK, CARD],
    workflow=with_meeting(
        through_dinsos(
            food_rules,
            steps=("recommended", "proposed", ("account", _("Rekening dan KKS dibuka"))),
            skippable=("account",),
            waits_for={"account": _("penetapan Kemensos")},
            granted=_("Menjadi penerima Sembako"),
        )
    ),
    meeting=proposal_meeting(),
    letters=[
        Letter(
            "proposal",
            _("Surat Pengantar Usulan Sembako"),
            "bansos/proposal.typ",
            classification=food_rules.value("classification"),
            when=("registered", "handling", "agreed", "sent"),
        )
    ],
    standard=ServiceStandard.by(
        food_rules,
        procedure=_(
            "Berkas diperiksa di meja, lalu diusulkan ke Dinas Sosial dan dimasukkan ke SIKS-NG. Kemensos menetapkan."
            " Terdaftar di DTSEN belum berarti menerima, dan menerima belum berarti sudah cair."
        ),
        product=_("Usulan ke Dinas Sosial, dan kabar hasilnya"),
    ),
    referral=PlannedReferral.proposal(
        _("Mohon usulan keluarga ini sebagai penerima Sembako/BPNT diverifikasi dan disahkan di SIKS-NG."),
        [Requirement.ID_CARD, Requirement.KK],
    ),
)

card = Service(
    name="bansos.card",
    sector="food",
    title=_("Masalah KKS"),
    summary=_("Kartu hilang, rusak, diblokir, lupa PIN, atau saldo nol."),
    form=CardForm,
    for_whom=may_mend_card,
    rules=card_rules,
    requirements=[Requirement.ID_CARD, Requirement.KK, CARD, POLICE_LETTER],
    workflow=outside_decision(
        card_rules,
        steps=(("looked_into", _("Diperiksa bank atau Dinas Sosial")),),
        skippable=("looked_into",),
        waits_for={"sent": _("bank penyalur atau Dinas Sosial"), "looked_into": _("kartu atau saldo yang baru")},
        granted=_("KKS dapat dipakai"),
        send=_("Catat: surat sudah dibawa ke bank atau Dinas Sosial"),
        letter="signed",
        needs_resident=False,  # the card of somebody who has died is a trouble to be told as well
    ),
    letters=[
        Letter(
            "introduction",
            _("Surat Pengantar Masalah KKS"),
            "bansos/card.typ",
            classification=card_rules.value("classification"),
        )
    ],
    standard=ServiceStandard.by(
        card_rules,
        procedure=_(
            "Masalahnya dicatat dan surat pengantar dibuat. Kartu dan PIN diurus di bank penyalur dengan KTP asli;"
            " saldo nol ditanyakan ke Dinas Sosial. Petugas menanyakan kabarnya sampai bantuan masuk lagi."
        ),
        product=_("Surat pengantar ke bank atau Dinas Sosial, dan pemantauan sampai kartu dapat dipakai"),
    ),
    follow_up=look_again,
    phone_needed=True,
)

NAMES = (food.name, card.name)
