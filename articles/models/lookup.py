"""Finding manuscripts by parts of words, fast with 100,000 of them.

The index holds trigrams, so „produktion“ finds „Munitionsproduktion“: FTS5 on SQLite,
pg_trgm on PostgreSQL, over the folded column ``Article.lookup``.
"""

from django.apps.registry import Apps
from django.db import connection, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.expressions import RawSQL

from articles.models.article import Article
from renewz.lib.text import clean_text, fold

_SHORTEST = 3  # signs; shorter parts are in no trigram
_MAX_TERMS = 6
_INDEXED = 3  # the longest words ask the index on SQLite, the others only what it finds
_CANDIDATES = 1_000
_MOST = 200  # five pages of the newsroom's list; who gets more adds a word

_SQLITE = [
    "CREATE VIRTUAL TABLE articles_lookup USING fts5("
    "lookup, content='articles_article', content_rowid='id', tokenize='trigram')",
    "CREATE TRIGGER articles_lookup_insert AFTER INSERT ON articles_article BEGIN "
    "INSERT INTO articles_lookup(rowid, lookup) VALUES (NEW.id, NEW.lookup); END",
    "CREATE TRIGGER articles_lookup_delete AFTER DELETE ON articles_article BEGIN "
    "INSERT INTO articles_lookup(articles_lookup, rowid, lookup) VALUES ('delete', OLD.id, OLD.lookup); END",
    "CREATE TRIGGER articles_lookup_update AFTER UPDATE OF lookup ON articles_article "
    "WHEN OLD.lookup IS NOT NEW.lookup BEGIN "
    "INSERT INTO articles_lookup(articles_lookup, rowid, lookup) VALUES ('delete', OLD.id, OLD.lookup); "
    "INSERT INTO articles_lookup(rowid, lookup) VALUES (NEW.id, NEW.lookup); END",
    "INSERT INTO articles_lookup(articles_lookup) VALUES ('rebuild')",
]
_HITS = "SELECT rowid FROM articles_lookup WHERE articles_lookup MATCH %s"
_NEWEST_HITS = f"{_HITS} ORDER BY rowid DESC LIMIT %s"
_POSTGRES = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX articles_lookup ON articles_article USING gin (lookup gin_trgm_ops)",
]


def install(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Create the index; one that is there is replaced (see ``guards`` on SQLite's triggers)."""
    remove(apps, editor)
    for statement in _POSTGRES if editor.connection.vendor == "postgresql" else _SQLITE:
        editor.execute(statement)


def remove(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the index."""
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP INDEX IF EXISTS articles_lookup")
        return
    for name in ("insert", "delete", "update"):
        editor.execute(f"DROP TRIGGER IF EXISTS articles_lookup_{name}")
    editor.execute("DROP TABLE IF EXISTS articles_lookup")


def matching(articles: models.QuerySet[Article], words: str) -> models.QuerySet[Article]:
    """Return the last changed articles that hold every one of the words, as part of a word too.

    Asks at once and only once: what the caller then counts, sorts and shows are known numbers.
    """
    terms = fold(clean_text(words)).split()[:_MAX_TERMS]
    if not terms:
        return articles
    found = _holding(articles, terms).order_by("-changed_at", "-pk").values_list("pk", flat=True)
    return articles.filter(pk__in=list(found[:_MOST]))


def _holding(articles: models.QuerySet[Article], terms: list[str]) -> models.QuerySet[Article]:
    indexed: list[str] = []
    if connection.vendor == "sqlite":
        indexed = sorted((term for term in terms if len(term) >= _SHORTEST), key=len)[-_INDEXED:]
    for term in terms:
        if term not in indexed:
            articles = articles.filter(lookup__contains=term)
    if indexed:
        # One question for all words. If nothing else narrows them, FTS5 stops after the newest.
        phrases = " AND ".join('"' + term.replace('"', '""') + '"' for term in indexed)
        hits = RawSQL(_HITS, [phrases])  # noqa: S611
        if len(indexed) == len(terms):
            hits = RawSQL(_NEWEST_HITS, [phrases, _CANDIDATES])  # noqa: S611
        articles = articles.filter(pk__in=hits)
    return articles
