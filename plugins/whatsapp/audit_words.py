"""What the audit says of the deeds of this module, as it follows the name of who did them. No number is told."""

from core.api import lazy_gettext as _

OBJECTS = {
    "whatsapp_consent": _("izin pesan WhatsApp"),
    "whatsapp_message": _("pesan WhatsApp"),
    "whatsapp_test": _("pesan uji WhatsApp"),
}

DEEDS = {
    "whatsapp.agreed": _("mencatat izin pesan WhatsApp"),
    "whatsapp.stopped": _("mengakhiri izin pesan WhatsApp, %(waiting)s pesan dibatalkan"),
    "whatsapp.resent": _("mengirim lagi pesan WhatsApp %(kind)s"),
    "whatsapp.dismissed": _("menandai pesan WhatsApp %(kind)s sudah ditangani"),
    "whatsapp.tested": _("mengirim pesan uji WhatsApp: %(outcome)s"),
}
