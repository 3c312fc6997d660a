"""Which services there are: those that a village offers today, and those that its old cases still need."""

from core.areas.current import CurrentArea
from core.platform import platform

from .service import Service


def offered(area: CurrentArea) -> dict[str, Service]:
    """What a resident can ask for here today, by name."""
    return dict(platform().hooks_for(area.enabled).services)


def find_service(name: str) -> Service | None:
    """The service of a case, also where its module has been switched off: open cases stay readable and finishable.

    None when the plugin is no longer installed; the case is then shown without its programme.
    """
    return platform().plugins.all_services.get(name)
