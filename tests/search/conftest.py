"""The partnership with its catalogue and answers, as search finds them."""

from tests.partnership import _loaded, partnership

__all__ = ["_loaded", "partnership"]
