"""The queue keeps to what every plugin must keep to."""

from core.testing import PluginContract


class TestContract(PluginContract):
    plugin = "queue"
