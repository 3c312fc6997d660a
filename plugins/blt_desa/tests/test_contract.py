"""BLT Dana Desa keeps to what every plugin must keep to."""

from core.testing import PluginContract


class TestContract(PluginContract):
    plugin = "blt_desa"
