"""What the tests of pictures share."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    """Give every test a public storage of its own."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path
