"""Finds a Chromium for the journeys in a real browser, or installs one.

``python -m tests.browser`` prints its path. RENEWZ_CHROMIUM names one by hand.
"""

# ruff: noqa: S603, T201  fixed commands without a shell; this module talks to a person

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# What the tests start it with: no window, nothing asked from the network on its own account.
# Without a sandbox because it opens our own pages only, and because root has none to offer.
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]

_HELP = """
Für die Tests im Browser fehlt Chromium, und es ließ sich nicht von selbst installieren.

  Debian und Ubuntu:  sudo apt-get install chromium    (Ubuntu: chromium-browser)
  Fedora:             sudo dnf install chromium
  macOS:              brew install --cask chromium
  sonst:              .venv/bin/python -m playwright install chromium

Liegt es an besonderem Ort, dann: RENEWZ_CHROMIUM=/pfad/zu/chromium make test
"""


def _works(browser: Path) -> bool:
    """Tell whether it starts: a wrapper can stand on PATH without the browser behind it."""
    try:
        done = subprocess.run([browser, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _from_playwright() -> Path | None:
    """Return the Chromium that ``playwright install`` put into its cache, if it did."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  slow, and seldom needed

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.is_file() and _works(path) else None


def _installed() -> Path | None:
    for name in _NAMES:
        path = shutil.which(name)
        if path and _works(Path(path)):
            return Path(path)
    return _from_playwright()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _run(*command: str) -> bool:
    """Run an installer; its talk goes to stderr, stdout is for the path alone."""
    _say("+ " + " ".join(command))
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        return subprocess.run(command, stdout=sys.stderr, env=quiet, check=False).returncode == 0
    except OSError:
        return False


def _install() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _say("Chromium fehlt und wird mit apt-get installiert …")
        if _run("apt-get", "update", "-qq") and _run(
            "apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"
        ):
            return
    _say("Chromium fehlt; Playwright versucht, seines zu laden …")
    _run(sys.executable, "-m", "playwright", "install", "chromium")


def find_chromium() -> Path:
    """Return the path of a Chromium that starts; install one if there is none; else exit with advice."""
    if by_hand := os.environ.get("RENEWZ_CHROMIUM"):
        if _works(Path(by_hand)):
            return Path(by_hand)
        sys.exit(f"RENEWZ_CHROMIUM={by_hand} lässt sich nicht starten.")
    browser = _installed()
    if browser is None:
        _install()
        browser = _installed()
    if browser is None:
        sys.exit(_HELP)
    return browser


if __name__ == "__main__":
    print(find_chromium())
