"""Who did what to which object, when and from where, in chains that the application can extend and never change.

``models`` is the table, ``recording`` adds entries, ``chain`` links and hashes them, ``verification`` finds what was
tampered with, ``reading`` and ``wording`` answer the pages' questions.
"""

from .models import AuditEntry
from .recording import record

__all__ = ["AuditEntry", "record"]
