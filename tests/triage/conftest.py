"""The partnership with its catalogue, answers and the words of first triage."""

from tests.partnership import _loaded, partnership

__all__ = ["_loaded", "partnership"]
