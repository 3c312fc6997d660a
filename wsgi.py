"""The web application for any WSGI server: ``granian --interface wsgi wsgi:app``.

Without ``DATABASE_URL`` the embedded database runs for as long as this process.
"""

from core import create_app
from core.config import Config
from core.database.urls import given_urls
from tenants.processes import follow_parent
from tenants.running import embedded_urls
from tenants.views import blueprints

follow_parent()
config = Config.from_environment()
app = create_app(config, (given_urls(config) or embedded_urls(config)).app, blueprints)
