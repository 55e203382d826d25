"""Static files with the hash of their content in the name."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Names change with the content, so browsers may keep a file for ever; compressed once."""

    # Relative imports between our small ES modules are hashed too.
    support_js_module_import_aggregation = True
