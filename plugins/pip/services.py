"""What a family can ask for: PIP for a child at school, and KIP Kuliah. The village proposes; others decide both."""

from core.api import Letter, Requirement, Service, ServiceStandard, outside_decision
from core.api import lazy_gettext as _

from .forms import CollegeAidForm, SchoolAidForm
from .rulebook import college_rules, school_rules
from .screening import may_get_college_aid, may_get_school_aid

NISN = Requirement(
    "nisn", _("NISN"), reusable_days=365, hint=_("Rapor, kartu pelajar, atau surat sekolah yang memuat NISN.")
)
SCHOOL_LETTER = Requirement(
    "school_letter", _("Surat keterangan dari sekolah"), hint=_("Bahwa anak bersekolah, atau diterima kembali.")
)
AID_CARD = Requirement(
    "aid_card",
    _("KIP, KKS, atau SKTM"),
    mandatory=False,
    hint=_("Salah satu. Tanpa itu usulan berpegang pada desil DTSEN atau keadaan anak."),
)

school_aid = Service(
    name="pip.school",
    sector="education",
    title=_("Usulan PIP"),
    short_title="PIP",
    summary=_("Bantuan uang sekolah untuk anak SD sampai SMA dan sederajat dari keluarga kurang mampu."),
    form=SchoolAidForm,
    for_whom=may_get_school_aid,
    rules=school_rules,
    requirements=[
        Requirement.KK,
        Requirement.PARENT_ID,
        NISN,
        SCHOOL_LETTER,
        AID_CARD,
    ],
    # Whoever has an active account already is in no nomination: the decree comes first.
    workflow=outside_decision(
        school_rules,
        steps=("nominated", "account_activated", "decreed"),
        skippable=("nominated", "account_activated"),
        deadlines={"nominated": _("Batas aktivasi rekening")},
        waits_for={
            "sent": _("usulan sekolah dan nominasi kementerian"),
            "account_activated": _("SK pemberian dari kementerian"),
            "decreed": _("pencairan oleh bank"),
        },
        granted=_("Dana cair"),
        send=_("Catat: surat sudah disampaikan ke sekolah"),
        letter="signed",
    ),
    letters=[
        Letter(
            "introduction",
            _("Surat Pengantar Usulan PIP"),
            "pip/school.typ",
            classification=school_rules.value("classification"),
        )
    ],
    standard=ServiceStandard.by(
        school_rules,
        procedure=_(
            "Berkas diperiksa dan surat pengantar dibuat. Sekolah mengusulkan lewat Dapodik, kementerian menetapkan"
            " nominasi, keluarga mengaktifkan rekening SimPel sebelum batasnya, SK pemberian terbit, lalu dana cair."
            " Masuk nominasi belum berarti menerima."
        ),
        product=_("Surat pengantar ke sekolah, dan pemantauan sampai dana cair"),
    ),
    phone_needed=True,
)

college_aid = Service(
    name="pip.college",
    sector="education",
    title=_("KIP Kuliah"),
    summary=_("Biaya kuliah dan biaya hidup untuk lulusan baru dari keluarga kurang mampu."),
    form=CollegeAidForm,
    for_whom=may_get_college_aid,
    rules=college_rules,
    requirements=[
        Requirement.ID_CARD,
        Requirement.KK,
        Requirement.PARENT_ID,
        NISN,
        Requirement("diploma", _("Ijazah atau surat keterangan lulus"), reusable_days=730),
        Requirement("college_letter", _("Bukti pendaftaran atau penerimaan kampus"), mandatory=False),
        AID_CARD,
    ],
    workflow=outside_decision(
        college_rules,
        steps=("verified", "decreed"),
        skippable=("verified",),
        waits_for={
            "sent": _("verifikasi kampus"),
            "verified": _("penetapan kampus dan kementerian"),
            "decreed": _("pencairan oleh bank"),
        },
        granted=_("Dana cair"),
        send=_("Catat: surat sudah diserahkan ke pemohon"),
        letter="signed",
    ),
    letters=[
        Letter(
            "introduction",
            _("Surat Pengantar KIP Kuliah"),
            "pip/college.typ",
            classification=college_rules.value("classification"),
        )
    ],
    standard=ServiceStandard.by(
        college_rules,
        procedure=_(
            "Berkas diperiksa dan surat pengantar dibuat. Pemohon mendaftar di laman KIP Kuliah dan ikut seleksi masuk;"
            " kampus memverifikasi dan menetapkan, lalu dana cair."
        ),
        product=_("Surat pengantar ke kampus, dan pemantauan sampai dana cair"),
    ),
    phone_needed=True,
)

NAMES = (school_aid.name, college_aid.name)
