"""What the audit says of the deeds of this module, as it follows the name of who did them."""

from core.api import lazy_gettext as _

OBJECTS = {
    "partnership_partner": _("mitra"),
    "partnership_agreement": _("perjanjian kerja sama"),
    "partnership_contribution": _("kontribusi mitra"),
    "partnership_barrier": _("hambatan"),
    "partnership_proposal": _("usul"),
    "partnership_meeting": _("pertemuan mitra"),
    "partnership_invitation": _("undangan pertemuan mitra"),
    "partnership_action": _("tindakan pertemuan mitra"),
    "partnership_review": _("penilaian diri mitra"),
    "partnership_scorecard": _("rapor kemitraan"),
}

DEEDS = {
    "partnership.partner_added": _("menambah mitra"),
    "partnership.partner_changed": _("mengubah data mitra"),
    "partnership.partner_ended": _("mengakhiri kemitraan"),
    "partnership.partner_resumed": _("melanjutkan kemitraan"),
    "partnership.agreement_added": _("mencatat perjanjian kerja sama"),
    "partnership.agreement_changed": _("mengubah perjanjian kerja sama"),
    "partnership.agreement_ended": _("menghentikan perjanjian kerja sama"),
    "partnership.contribution_added": _("mencatat kontribusi mitra"),
    "partnership.contribution_removed": _("menghapus catatan kontribusi sebesar %(amount)s"),
    "partnership.barrier_opened": _("mencatat hambatan"),
    "partnership.barrier_changed": _("mengubah hambatan"),
    "partnership.barrier_resolved": _("menyelesaikan hambatan"),
    "partnership.barrier_reopened": _("membuka lagi hambatan"),
    "partnership.proposal_added": _("mencatat usul"),
    "partnership.proposal_changed": _("mengubah usul"),
    "partnership.proposal_decided": _("memutuskan usul: %(decision)s"),
    "partnership.meeting_planned": _("merencanakan pertemuan mitra"),
    "partnership.meeting_changed": _("mengubah rencana pertemuan mitra"),
    "partnership.minutes_written": _("menulis notulen pertemuan mitra"),
    "partnership.meeting_closed": _("menutup notulen pertemuan mitra %(month)s"),
    "partnership.meeting_reopened": _("membuka lagi notulen pertemuan mitra: %(reason)s"),
    "partnership.invitation_answered": _("menjawab undangan pertemuan mitra: %(answer)s"),
    "partnership.action_added": _("menambah tindakan pertemuan mitra"),
    "partnership.action_done": _("menyelesaikan tindakan pertemuan mitra"),
    "partnership.action_undone": _("membuka lagi tindakan pertemuan mitra"),
    "partnership.review_filled": _("mengisi penilaian diri mitra %(year)s"),
    "partnership.review_changed": _("mengubah penilaian diri mitra %(year)s"),
    "partnership.scorecard_downloaded": _("mengunduh rapor kemitraan %(object)s"),
}
