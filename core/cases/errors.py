"""Why something about a case cannot be done; every message can be shown to the clerk."""

from uuid import UUID


class CaseError(Exception):
    """Not possible in the case's present state; the message says what is missing."""


class StaleCase(Exception):
    """Somebody else has changed the case since the page was opened."""

    def __init__(self, case_id: UUID, version: int):
        super().__init__(f"case {case_id} has moved on from version {version}")
        self.case_id = case_id
        self.version = version
