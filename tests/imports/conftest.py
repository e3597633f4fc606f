from tests.partnership import _loaded, partnership

__all__ = ["_loaded", "partnership"]
