"""The device of the kiosk's own tests, and its visitor."""

from tests.kiosk.conftest import enrolled, site, visitor
from tests.partnership import _loaded, partnership

__all__ = ["_loaded", "enrolled", "partnership", "site", "visitor"]
