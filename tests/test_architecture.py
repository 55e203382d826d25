"""The rules of the house that a machine can check (docs/architecture.md)."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from articles.sitemaps import week_name
from delivery import state
from styleguide import drawings
from tests import stories
from tests.stories import DAY, HOUR

ROOT = settings.BASE_DIR
APPS = (
    "renewz",
    "accounts",
    "images",
    "authors",
    "background",
    "delivery",
    "articles",
    "frontpage",
    "search",
    "markets",
    "importers",
    "backup",
    "emergency",
)


def modules(*folders: str) -> list[Path]:
    """Return the Python files of these folders or files, without migrations."""
    found = []
    for name in folders or APPS:
        path = ROOT / name
        found += [path] if path.is_file() else sorted(path.rglob("*.py"))
    return [path for path in found if "migrations" not in path.parts]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def lines_with(pattern: str, paths: list[Path]) -> list[str]:
    """Return „file: line“ for each line of code that holds the pattern; comments do not count."""
    found = []
    for path in paths:
        for line in path.read_text("utf-8").splitlines():
            if re.search(pattern, line.split("  #")[0]) and not line.lstrip().startswith("#"):
                found.append(f"{name_of(path)}: {line.strip()}")
    return found


# --- One word for visibility -------------------------------------------------------------------

PERIOD = {"live_from", "live_until"}


def compares_a_period(path: Path) -> list[str]:
    """Return the places that compare these dates or ask the database to."""
    found = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Compare):
            names = {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
        elif isinstance(node, ast.keyword) and node.arg:
            name, _, lookup = node.arg.partition("__")
            names = {name} if lookup else set()
        else:
            continue
        if names & PERIOD:
            found.append(f"{name_of(path)}:{node.lineno if hasattr(node, 'lineno') else node.value.lineno}")
    return found


def test_only_the_edition_compares_its_dates():
    allowed = {
        "articles/models/edition.py",
        # The door hands periods over; it compares two of them, never one with the present.
        "articles/editions.py",
        "articles/publishing.py",
        # Puts a period into words; compares it with nothing but itself.
        "articles/templatetags/newsroom.py",
    }
    elsewhere = [path for path in modules() if name_of(path) not in allowed]

    assert [place for path in elsewhere for place in compares_a_period(path)] == []
    assert compares_a_period(ROOT / "articles/models/edition.py")


PUBLIC = (
    "articles/views.py", "articles/page.py", "articles/related.py", "articles/paging.py", "articles/feeds.py",
    "articles/sitemaps.py", "articles/context.py", "frontpage", "search",
)  # fmt: skip


def test_public_code_reads_no_manuscript_and_knows_no_state():
    allowed = {
        # The preview shows a manuscript; nothing public calls it.
        "articles/page.py: from articles.models import Article, Edition, EditionByline, Tag",
    }
    found = lines_with(
        r"\bArticle\.objects|\bState\b|\bRevision\b|import .*\bArticle\b|\.state\b", modules(*PUBLIC)
    )

    assert set(found) <= allowed


def test_only_the_doors_write_articles_and_editions():
    verbs = "create|bulk_create|update|delete|bulk_update"
    write = rf"\b(Article|Edition|Transition|Revision)(\.objects)?(\.\w+\(.*\))*\.({verbs})\("
    doors = {"articles/editing.py", "articles/publishing.py", "articles/editions.py"}

    writers = {line.split(":")[0] for line in lines_with(write, modules())}

    assert writers <= doors


# --- Names and sizes ---------------------------------------------------------------------------


def test_modules_are_named_by_what_a_newcomer_looks_for():
    nameless = {
        "utils",
        "util",
        "common",
        "core",
        "helpers",
        "helper",
        "services",
        "service",
        "misc",
        "base",
        "tools",
    }

    assert [name_of(path) for path in modules() if {path.stem, path.parent.name} & nameless] == []


def test_no_module_is_longer_than_400_lines():
    long = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in modules()}

    assert {name: lines for name, lines in long.items() if lines > 400} == {}


def test_save_and_signals_hold_no_business():
    # Counts that public content has changed, so that nobody who saves has to remember it.
    allowed = {"delivery/state.py"}
    found = lines_with(r"\b(post_save|pre_save|post_delete|pre_delete|m2m_changed)\b", modules())

    assert {line.split(":")[0] for line in found} == allowed


# --- Whatever changes public pages raises the generation (delivery/state.py) -------------------

# Each saved or deleted row counts; their apps say so in ``ready``.
WATCHED = {
    "articles.Section", "articles.ShareCard", "articles.Tag", "authors.Author", "authors.AuthorLink",
    "frontpage.BreakingNews", "images.Image", "markets.Quote",
}  # fmt: skip
# Written by the doors alone, which say so themselves (tests/delivery/test_pages.py).
RELEASED = {"articles.Edition", "articles.EditionByline", "articles.TaggedEdition"}
# No page that is kept reads them.
NOT_PUBLIC = {
    "accounts.User", "articles.Article", "articles.ArticleByline", "articles.ArticlePicture",
    "articles.EditionPicture", "articles.RelatedArticle", "articles.Revision", "articles.TaggedArticle",
    "articles.Transition", "delivery.SiteState", "images.ImageEvent", "images.OldRenditions",
    "search.Entry", "search.Word", "background.TimetableEntry", "background.Worker",
}  # fmt: skip


def own_models() -> dict[str, type[Model]]:
    """Return the models of our apps by name."""
    return {
        model._meta.label: model
        for model in apps.get_models()
        if Path(model._meta.app_config.path).parent == ROOT
    }


def test_every_model_is_watched_released_or_not_public():
    """A new one is added here; one that pages show is watched, or its door calls ``changed``."""
    assert set(own_models()) == WATCHED | RELEASED | NOT_PUBLIC
    assert {name for name, model in own_models().items() if state.is_watched(model)} == WATCHED


def test_no_row_of_the_queue_raises_the_generation():
    """Orders come and go every minute (django-tasks-db); no page shows them."""
    strangers = {model._meta.label for model in apps.get_models()} - set(own_models())

    assert "django_tasks_database.DBTaskResult" in strangers
    assert {name for name in strangers if state.is_watched(apps.get_model(name))} == set()


def test_nothing_changes_watched_rows_past_their_signals():
    names = "|".join(name.split(".")[1] for name in WATCHED)
    verbs = "update|bulk_create|bulk_update|aupdate|abulk_create|abulk_update|_raw_delete"

    past = {line.split(":")[0] for line in lines_with(
        rf"\b({names})\.objects(\.\w+\(.*\))*\.({verbs})\(", modules()
    )}  # fmt: skip

    # These say themselves that something has changed.
    assert past == {"images/desk.py", "images/tasks.py"}
    assert all("state.changed()" in (ROOT / name).read_text() for name in past)


# --- What needs a test with a hostile value ----------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "allowed"),
    [
        # tests/articles/test_body.py, test_body_reading.py
        (r"\bmark_safe\(", {"articles/rendering.py"}),
        # tests/articles/test_structured_data.py; newsroom.py joins blocks that rendering.py made
        (
            r"\bSafeString\(",
            {"articles/rendering.py", "articles/structured_data.py", "articles/templatetags/newsroom.py"},
        ),
        # tests/articles/test_lookup.py
        (r"\bRawSQL\(|\.raw\(|\.extra\(", {"renewz/lib/trigrams.py"}),
        (r"csrf_exempt|xframe_options_exempt|\bSafeData\b|__html__", set()),
        (r"\beval\(|\bexec\(|\bpickle\b|yaml\.load\(|shell=True", set()),
    ],
    ids=["mark_safe", "SafeString", "raw SQL", "exemptions", "eval"],
)
def test_dangerous_words_stand_where_a_hostile_test_stands_behind_them(pattern, allowed):
    assert {line.split(":")[0] for line in lines_with(pattern, modules())} <= allowed


# --- Templates ---------------------------------------------------------------------------------


def templates(folder: str = "templates") -> list[Path]:
    return sorted((ROOT / folder).rglob("*.html"))


def in_templates(pattern: str, paths: list[Path]) -> list[str]:
    return [
        f"{name_of(path)}: {found.group(0)[:80]}"
        for path in paths
        for found in re.finditer(pattern, re.sub(r"\{#.*?#\}", "", path.read_text("utf-8")))
    ]


def test_no_template_switches_escaping_off():
    assert in_templates(r"\|\s*safe\b|\|\s*safeseq\b|autoescape\s+off|\|\s*escapejs", templates()) == []


def test_no_template_holds_style_or_script_of_its_own():
    assert in_templates(r"<style\b(?![^>]*nonce)|\sstyle=|\son[a-z]{3,}=|javascript:", templates()) == []
    bare = r"<script\b(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)[^>]*>"
    public = [path for path in templates() if "admin" not in path.parts]
    assert in_templates(bare, public) == []
    with_nonce = r"<script\b(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)(?![^>]*nonce)[^>]*>"
    assert in_templates(with_nonce, templates()) == []


def test_no_template_loads_anything_from_elsewhere():
    elsewhere = r"<(?:script|link|img|iframe|source|video)\b[^>]*(?:src|href)=[\"'](?:https?:)?//[^>]*>"

    assert in_templates(elsewhere, templates()) == []


def test_public_templates_compare_no_dates_and_know_neither_state_nor_reader():
    public = [path for path in templates() if "admin" not in path.parts]

    assert in_templates(r"\{%\s*(el)?if\b[^%]*\blive_(from|until)\b", public) == []
    assert (
        in_templates(
            r"\{[{%][^}]*(\.state\b|\buser\.|\bcsrf_token\b|\bmessages\b|\brequest\.user)[^}]*\}", public
        )
        == []
    )


def test_public_pages_show_pictures_as_of_their_moment_only():
    public = [path for path in templates() if "admin" not in path.parts]
    raw = r"\{[{%][^}]*\.(lead_image|portrait)\b(?!\|shown:)[^}]*\}"

    assert in_templates(raw, public) == []
    assert lines_with(r"\.image\.(alt|credit|caption)\b", modules(*PUBLIC)) == []


# --- Layers ------------------------------------------------------------------------------------


def test_imports_point_down_only():
    program = shutil.which("lint-imports") or str(Path(sys.executable).with_name("lint-imports"))
    if not Path(program).exists():
        pytest.skip("import-linter ist nicht installiert; make lint prüft dasselbe")

    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603

    assert done.returncode == 0, done.stdout


# --- Public addresses --------------------------------------------------------------------------


def public_patterns(resolver: URLResolver | None = None, prefix: str = "") -> list[tuple[str, URLPattern]]:
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found += [] if route.startswith("admin/") else public_patterns(entry, route)
        else:
            found.append((route, entry))
    return found


ADDRESSES = {
    "^media/(?P<path>.+)$": "/media/x.webp",
    "media/<drawing:name>": f"/media/{min(drawings.SIZES, key=lambda name: drawings.SIZES[name][2])}",
    "stil/": "/stil/",
    "healthz": "/healthz",
    "readyz": "/readyz",
    "": "/",
    "suche/": "/suche/?q=Kursziel",
    "impressum/": "/impressum/",
    "datenschutz/": "/datenschutz/",
    "barrierefreiheit/": "/barrierefreiheit/",
    "feed.xml": "/feed.xml",
    "robots.txt": "/robots.txt",
    "sitemap.xml": "/sitemap.xml",
    "sitemap-<name>.xml": "/sitemap-{week}.xml",
    "korrekturen/": "/korrekturen/",
    "thema/<slug:slug>/": "/thema/banken/",
    "autoren/<slug:slug>/": "/autoren/anna-weber/",
    "artikel/<number:pk>/": "/artikel/{pk}/",
    "<slug:section_slug>/": "/wirtschaft/",
    "<slug:section_slug>/<slug:slug>-<number:pk>/": "{address}",
}


def test_every_public_address_is_known_here():
    """A new one must be added, and by that goes through the tests below."""
    assert {route for route, _ in public_patterns()} == set(ADDRESSES)


@pytest.mark.django_db
def test_reading_writes_nothing_and_makes_no_file(settings):
    article = stories.published(at=timezone.now() - DAY, lead_image=stories.image())
    article = stories.revised(
        article, at=timezone.now() - HOUR, kind="correction", reader_note="Es waren drei."
    )
    gone = stories.withdrawn(stories.published(at=timezone.now() - DAY))
    address = stories.live_edition(article, timezone.now()).get_absolute_url()
    values = {"pk": article.pk, "address": address, "week": week_name(timezone.localdate())}
    files = sorted(settings.DATA_DIR.rglob("*"))

    def only_reads(execute, sql, params, many, context):
        assert re.match(r"\s*\(?\s*(SELECT|WITH|SAVEPOINT|RELEASE)", sql, re.IGNORECASE), sql
        assert not re.search(r"\b(INSERT|UPDATE|DELETE)\b", sql), sql  # WITH may hold one
        return execute(sql, params, many, context)

    with connection.execute_wrapper(only_reads):
        statuses = {
            route: Client().get(template.format(**values)).status_code
            for route, template in ADDRESSES.items()
        }
        assert Client().get(f"/artikel/{gone.pk}/").status_code == 410
        assert Client().get("/gibt-es-nicht/").status_code == 404

    expected = dict.fromkeys(ADDRESSES, 200) | {"^media/(?P<path>.+)$": 404, "artikel/<number:pk>/": 301}
    assert statuses == expected
    assert sorted(settings.DATA_DIR.rglob("*")) == files
