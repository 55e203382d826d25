"""Certificates for tests of TLS."""

import os
import shutil
from pathlib import Path

import pytest

from tests.deploy.running import PUBLIC_HOST, run


def certificate(files: Path) -> Path:
    """Make one for the public name and return its folder; skip the test where a program is missing."""
    if missing := [program for program in ("openssl", "curl") if shutil.which(program) is None]:
        pytest.skip(f"auf diesem Rechner nicht installiert: {', '.join(missing)}")
    files.mkdir(exist_ok=True)
    made = ["-keyout", str(files / "privkey.pem"), "-out", str(files / "fullchain.pem")]
    run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", f"/CN={PUBLIC_HOST}", *made],
        dict(os.environ),
    )  # fmt: skip
    return files
