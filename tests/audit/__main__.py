"""``make audit``: Lighthouse and the Nu HTML checker against the site as production serves it.

Lighthouse looks at front, section and article page, as a phone and as a desktop, three times each;
the middle figure counts. The checker reads every kind of page. Figures below the limits, or one
error of markup, fail the command. The whole reports lie in test-results/audit/.
``python -m tests.audit startseite`` measures the kinds of pages that are named.

„Tempo“ is Lighthouse's own measure of the machine. For the phone it slows any machine to a quarter;
where that leaves less than a phone has (below about 1,000), pages look worse than they are.
Needs Node.js with npm, Java, and a Chromium as the tests do.
"""

# ruff: noqa: S603, T201  fixed commands without a shell; this module talks to a person

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests import demo_site
from tests.browser import ARGUMENTS, find_chromium
from tests.demo_site import RESULTS, ROOT, Site

REPORTS = RESULTS / "audit"
LOCK = ROOT / "tests/audit/package-lock.json"
# Beside the Python packages, so that `make clean` takes both away.
NPM = Path(sys.prefix) / "npm-audit"

KINDS = ("startseite", "ressort", "artikel")
FORMS: dict[str, Sequence[str]] = {"Telefon": (), "Schreibtisch": ("--preset=desktop",)}
RUNS = 3
FIGURES = (
    "largest-contentful-paint", "cumulative-layout-shift", "total-blocking-time", "total-byte-weight",
)  # fmt: skip
# What the house asks for, in hundredths.
LIMITS = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}


def _tool(name: str, package: str) -> str:
    path = shutil.which(name)
    if path is None:
        sys.exit(f"Für „make audit“ fehlt {name}. Debian und Ubuntu: sudo apt-get install {package}")
    return path


def _install() -> None:
    """Install what the lock names, once for each lock."""
    stamp = NPM / "installed-lock.json"
    if stamp.is_file() and stamp.read_bytes() == LOCK.read_bytes():
        return
    print("Installiere Lighthouse und den Nu HTML Checker …", flush=True)
    NPM.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(LOCK.with_name(name), NPM / name)
    command = [_tool("npm", "npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    done = subprocess.run(command, cwd=NPM, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"npm ci:\n{done.stdout}{done.stderr}")
    shutil.copy(LOCK, stamp)


# --- Lighthouse --------------------------------------------------------------------------------


def _lighthouse(url: str, goal: Path, options: Sequence[str], chromium: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="renewz-lighthouse-") as profile:
        flags = " ".join([*ARGUMENTS, f"--user-data-dir={profile}"])
        command = [
            _tool("node", "nodejs"), str(NPM / "node_modules/lighthouse/cli/index.js"), url,
            "--quiet", "--output=json", f"--output-path={goal}", f"--chrome-flags={flags}",
            f"--only-categories={','.join(LIMITS)}", "--no-enable-error-reporting", *options,
        ]  # fmt: skip
        environment = {**os.environ, "CHROME_PATH": str(chromium)}
        for _ in range(2):
            done = subprocess.run(
                command, env=environment, cwd=NPM, capture_output=True, text=True, timeout=300, check=False
            )
            # It could not record the page, says nothing about it, and asks to be started again.
            if "Please run Lighthouse again" not in done.stderr:
                break
    if done.returncode != 0:
        sys.exit(f"Lighthouse, {url}:\n{done.stdout}{done.stderr}")
    return dict(json.loads(goal.read_text(encoding="utf-8")))


def _found(report: dict[str, Any]) -> list[str]:
    """Return what the report says is not perfect, for whoever mends it."""
    found = []
    for category in report["categories"].values():
        for reference in category["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                found.append(f"{audit['title']} {audit.get('displayValue', '')}".strip())
    return found


def _measure(site: Site, addresses: dict[str, str], chromium: Path, kinds: Sequence[str]) -> bool:
    good = True
    print(f"\nLighthouse gegen {site.by}, Mitte aus {RUNS} Läufen")
    heads = ("Leistung", "Zugang", "Beste Praxis", "SEO", "LCP ms", "CLS", "TBT ms", "kB", "Tempo")
    print(f"  {'':<26}" + "".join(f"{head:>13}" for head in heads))
    for form, options in FORMS.items():
        for kind in kinds:
            reports = [
                _lighthouse(
                    site.url + addresses[kind],
                    REPORTS / f"{kind}-{form.lower()}-{run}.json",
                    options,
                    chromium,
                )
                for run in range(1, RUNS + 1)
            ]
            scores = {
                name: round(100 * statistics.median(r["categories"][name]["score"] or 0 for r in reports))
                for name in LIMITS
            }
            figures = [
                statistics.median(report["audits"][name]["numericValue"] for report in reports)
                for name in FIGURES
            ]
            cells = [str(value) for value in scores.values()]
            cells += [
                f"{figures[0]:.0f}",
                f"{figures[1]:.3f}",
                f"{figures[2]:.0f}",
                f"{figures[3] / 1000:.0f}",
            ]
            cells.append(f"{statistics.median(r['environment']['benchmarkIndex'] for r in reports):.0f}")
            print(f"  {f'{kind}, {form}':<26}" + "".join(f"{cell:>13}" for cell in cells), flush=True)
            if any(scores[name] < limit for name, limit in LIMITS.items()):
                good = False
                for line in dict.fromkeys(line for report in reports for line in _found(report)):
                    print(f"      {line}")
    return good


# --- Markup ------------------------------------------------------------------------------------


def _check_markup(site: Site, addresses: dict[str, str]) -> bool:
    folder = REPORTS / "html"
    folder.mkdir()
    for kind, path in addresses.items():
        (folder / f"{kind}.html").write_bytes(site.page(path))
    jar = NPM / "node_modules/vnu-jar/build/dist/vnu.jar"
    done = subprocess.run(
        [_tool("java", "default-jre-headless"), "-jar", str(jar), "--format", "json", str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    messages = json.loads(done.stderr)["messages"]
    errors = [message for message in messages if message["type"] != "info"]
    warnings = [message for message in messages if message.get("subType") == "warning"]
    print(f"\nNu HTML Checker: {len(addresses)} Seiten, {len(errors)} Fehler, {len(warnings)} Hinweise")
    for message in errors + warnings:
        page = Path(message.get("url", "")).name
        print(f"  {page}:{message.get('lastLine', '')} {message['message']}")
    return not errors


def main(kinds: Sequence[str]) -> int:
    """Measure, print the table, and return the exit code."""
    chromium = find_chromium()
    _install()
    with demo_site.running() as site:
        shutil.rmtree(REPORTS, ignore_errors=True)
        REPORTS.mkdir(parents=True)
        addresses = demo_site.pages(site)
        clean = _check_markup(site, addresses)
        quick = _measure(site, addresses, chromium, kinds or KINDS)
    print(f"\n  {'Alles wie gefordert.' if clean and quick else 'NICHT wie gefordert.'} Berichte: {REPORTS}")
    return 0 if clean and quick else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
