"""Static files with their content's hash in the name, so browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """Also renames what our ES modules import from each other."""

    support_js_module_import_aggregation = True
