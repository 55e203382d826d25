"""What the documents say is there: links, variables, labels, commands."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.conf import settings

from accounts.roles import ROLES, Role
from articles.choices import EditionKind, State
from articles.workflow import ACTIONS, Action
from renewz.checks import REQUIRED_OPERATOR

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent
DOCS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "requirements/*.md", "importers/**/*.md")
    for path in ROOT.glob(pattern)
)

_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
_VARIABLE = re.compile(r"`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`")


def read(path: str | Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def anchor(heading: str) -> str:
    """Return the anchor that GitHub and others give a heading."""
    kept = re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", heading).lower())
    return kept.replace(" ", "-")


def links() -> Iterator[tuple[Path, str]]:
    for path in DOCS:
        for target in _LINK.findall(_CODE.sub("", _FENCE.sub("", read(path)))):
            if not re.match(r"[a-z]+:", target):
                yield path, target


@pytest.mark.parametrize(("path", "target"), [pytest.param(p, t, id=f"{p.name}: {t}") for p, t in links()])
def test_every_link_leads_somewhere(path: Path, target: str) -> None:
    name, _, fragment = target.partition("#")
    goal = (path.parent / unquote(name)) if name else path
    assert goal.exists()
    assert goal.resolve().is_relative_to(ROOT)
    if fragment:
        headings = _HEADING.findall(_FENCE.sub("", read(goal)))
        assert unquote(fragment) in {anchor(heading) for heading in headings}


# --- Configuration -----------------------------------------------------------------------------


def names_read_by_settings() -> set[str]:
    source = read("renewz/settings.py")
    operator = {f"RENEWZ_OPERATOR_{name.upper()}" for name in settings.OPERATOR}
    store = {f"RENEWZ_MEDIA_S3_{name.upper()}" for name in settings.MEDIA_S3}
    return set(re.findall(r'env\.\w+\(\s*"(\w+)"', source)) | operator | store


def names_read_elsewhere() -> set[str]:
    """Return what gunicorn, nginx, Compose, the scripts and the tests read."""
    names = ["docker-compose.yml", "Dockerfile", "Makefile", "tests/browser.py", "tests/postgres.py"]
    files = [*(ROOT / name for name in names), *ROOT.glob("deploy/*")]
    return set(re.findall(r"[A-Z][A-Z0-9_]+", " ".join(read(path) for path in files if path.is_file())))


def test_every_variable_that_the_settings_read_is_explained() -> None:
    explained = set(_VARIABLE.findall(read("docs/konfiguration.md")))
    assert names_read_by_settings() - explained == set()


def test_every_variable_that_is_explained_is_read() -> None:
    explained = set(_VARIABLE.findall(read("docs/konfiguration.md")))
    assert explained - names_read_by_settings() - names_read_elsewhere() == set()


def test_every_row_about_django_is_about_a_variable_that_the_settings_read() -> None:
    about_django = read("docs/konfiguration.md").split("## Was gunicorn, nginx und Compose lesen")[0]
    rows = set(re.findall(r"^\| `([A-Z0-9_]+)`", about_django, re.MULTILINE))
    assert rows == names_read_by_settings()


def test_the_operators_first_six_are_those_that_the_check_asks_for() -> None:
    rows = re.findall(r"^\| `RENEWZ_OPERATOR_(\w+)`", read("docs/konfiguration.md"), re.MULTILINE)
    assert [row.lower() for row in rows[:6]] == list(REQUIRED_OPERATOR)


# --- The handbook ------------------------------------------------------------------------------

LATER_KINDS = [kind for kind in EditionKind.choices if kind[0] in {"update", "correction", "typo"}]
HANDBOOK = read("docs/redaktion.md")


@pytest.mark.parametrize("action", ACTIONS.values(), ids=lambda action: action.name)
def test_the_handbook_has_a_row_for_every_action(action: Action) -> None:
    assert f"\n| {action.label} |" in HANDBOOK
    if action.note_label != "Notiz":
        words = action.note_label.split(",")[0]
        assert words in HANDBOOK


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_the_handbook_has_a_row_for_every_role(role: Role) -> None:
    assert f"\n| {role.name} |" in HANDBOOK


@pytest.mark.parametrize("word", [*State.labels, *(label for _, label in LATER_KINDS)])
def test_the_handbook_has_a_row_for_every_state_and_kind(word: str) -> None:
    assert f"\n| {word} |" in HANDBOOK


def test_every_button_of_the_toolbar_stands_in_the_handbook_as_on_the_screen() -> None:
    toolbar = read("templates/admin/articles/article/toolbar.html")
    labels = [re.sub(r"<[^>]+>", "", text) for text in re.findall(r"<button[^>]*>(.*?)</button>", toolbar)]
    assert [label for label in labels if label.strip("„“") not in HANDBOOK] == []


# --- Commands and places -----------------------------------------------------------------------


def test_every_make_target_that_is_named_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    named = {name for path in DOCS for name in re.findall(r"(?:`|^)make ([a-z]+)", read(path), re.MULTILINE)}
    assert named
    assert named <= targets


def committed_texts() -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT, capture_output=True, text=True, check=False,
    ).stdout.splitlines()  # fmt: skip
    documents = [ROOT / name for name in listed if name.endswith((".md", ".txt"))]
    return (path for path in documents or DOCS if path.is_file())


def test_no_document_names_the_machine_on_which_it_was_written() -> None:
    places = re.compile(r"(?<![\w.:/])/(?:work|tmp|opt|root|home|Users)(?:/|\b)|file://|localhost:\d+/simple")
    found = {
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in committed_texts()
        for match in places.finditer(path.read_text(encoding="utf-8"))
    }
    assert found == set()
