"""The application factory: every part in the order in which it is put together."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from pathlib import Path

from flask import Blueprint, Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from core.areas.views import bp as areas
from core.audit.views import bp as audit
from core.cases.views import bp as cases
from core.config import ROOT, Config
from core.database.liveness import leave_closed_connections
from core.database.plugin_schemas import out_of_date
from core.database.session import carry_scope, db
from core.export_views import bp as exports
from core.imports.views import bp as imports
from core.job_views import bp as jobs
from core.meetings.views import bp as meetings
from core.modules.views import bp as modules
from core.people import resident_file  # noqa: F401 - it makes itself known
from core.people.views import bp as people
from core.platform import Platform
from core.plugins.failures import memory
from core.plugins.guard import GUARDS, guard_engine
from core.plugins.registry import PluginRegistry, installed_plugins
from core.referrals.views import blueprints as referrals
from core.rules.views import bp as rules
from core.search.views import bp as search
from core.settings.views import bp as settings
from core.users.permissions import CORE_PERMISSIONS, PermissionTable, check_views
from core.users.views import blueprints as users
from core.villages.views import bp as villages
from core.web.assets import init_assets
from core.web.errors import init_errors
from core.web.formats import init_formats
from core.web.gate import init_gate
from core.web.headers import init_headers
from core.web.icons import init_icons
from core.web.languages import init_languages
from core.web.limits import limiter
from core.web.navigation import init_navigation
from core.web.page_globals import init_page_globals
from core.web.plugin_pages import PatientFlask, mount_plugins
from core.web.templates import LanguageEnvironment
from core.web.urls import init_urls

csrf = CSRFProtect()


def build(
    config: Config, database_url: str, plugins: PluginRegistry | None = None, blueprints: Iterable[Blueprint] = ()
) -> Flask:
    """Put an application together.

    Args:
        blueprints: pages besides core's own, from parts of the house that core does not know (the district's side).
    """
    app = PatientFlask("core", template_folder=str(ROOT / "templates"), static_folder=None)
    app.jinja_environment = LanguageEnvironment
    app.config.from_mapping(flask_settings(config, database_url))
    db.init_app(app)
    with app.app_context():
        engine = db.engine
    carry_scope(engine)
    guard_engine(engine)
    leave_closed_connections(engine)
    # Outside of the context: the reason why one is broken is put into words before languages are there.
    registry = plugins or installed_plugins(config, out_of_date=partial(out_of_date, database_url))
    registry.health.equip(db.session.rollback, GUARDS, memory(database_url))
    registry.dam_the_log()
    permissions = PermissionTable([*CORE_PERMISSIONS, *registry.permissions()])
    app.extensions["puskesos"] = Platform(config, registry, permissions)

    trust_proxies(app, config.proxies)
    init_urls(app)
    csrf.init_app(app)
    limiter.init_app(app)
    init_gate(app)
    init_headers(app, https=config.production)
    init_languages(app, [Path(__file__).parent / "translations", *registry.translation_directories()])
    init_formats(app)
    init_assets(app)
    init_icons(app)
    init_navigation(app)
    init_page_globals(app)
    init_errors(app)

    for blueprint in (
        *users,
        areas,
        villages,
        modules,
        settings,
        rules,
        search,
        people,
        imports,
        cases,
        meetings,
        *referrals,
        audit,
        jobs,
        exports,
        *blueprints,
    ):
        app.register_blueprint(blueprint)
    mount_plugins(app, registry)
    check_views(app.view_functions, permissions)
    return app


def flask_settings(config: Config, database_url: str) -> dict[str, object]:
    return {
        "SECRET_KEY": config.secret_key,
        "SQLALCHEMY_DATABASE_URI": database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": 5,
            "max_overflow": 5,
            "hide_parameters": True,  # a logged database error must not carry a NIK
        },
        "MAX_CONTENT_LENGTH": config.max_upload_bytes,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "SESSION_COOKIE_NAME": "__Host-puskesos" if config.production else "puskesos",
        "SESSION_COOKIE_SECURE": config.production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the sign-in: a form left open over lunch must not be lost
        "RATELIMIT_STORAGE_URI": config.rate_limit_storage,
        "RATELIMIT_ENABLED": config.environment != "test",
    }


def trust_proxies(app: Flask, count: int) -> None:
    """Believe the headers of ``count`` proxies about the asker's address and scheme; with none, believe no header."""
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)
