"""Where files lie: static ones named by their content, public pictures written whole or not at all."""

import secrets
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Names change with the content, so browsers may keep a file for ever; compressed once."""

    # Relative imports between our small ES modules are hashed too.
    support_js_module_import_aggregation = True


class PublicFileStorage(FileSystemStorage):
    """Files named by what is in them: a name holds all its bytes or none, whatever happens meanwhile."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return the name itself: who writes it again writes the same."""
        return name

    def _save(self, name: str, content: "File[Any]") -> str:
        part = Path(self.path(f"{name}.{secrets.token_hex(4)}.part"))
        try:
            super()._save(str(part.relative_to(self.location)), content)  # type: ignore[misc]
            part.replace(self.path(name))
        finally:
            part.unlink(missing_ok=True)
        return name
