"""The partnership as its public pages show it."""

from tests.partnership import _loaded, partnership

__all__ = ["_loaded", "partnership"]
