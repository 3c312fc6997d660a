"""Which services there are: those that a village offers today, and those that its old cases still need."""

from flask import current_app

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


def service_titles() -> dict[str, str]:
    """The titles of all installed services by name, whoever has them on: for a setting that names services.

    Empty while the site is put together and the services are not known yet.
    """
    if not current_app or "puskesos" not in current_app.extensions:
        return {}
    services = platform().plugins.all_services
    return {name: str(services[name].title) for name in sorted(services)}


def sectors_of_services() -> dict[str, str]:
    """Key of ``SECTORS`` of each installed service, by its name."""
    return {name: service.sector for name, service in platform().plugins.all_services.items()}
