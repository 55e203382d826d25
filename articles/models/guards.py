"""What must never be in these tables, in each database's own words.

SQLite loses triggers whenever Django rebuilds a table. A later migration that alters one of
these tables begins with ``RunPython(guards.remove, guards.install)`` and ends with
``RunPython(guards.install, guards.remove)``, so that it leaves them in place in both
directions; ``lookup`` likewise. CONTRIBUTING.md shows one.
"""

from typing import Any

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Table → columns that may still change. An account that is deleted leaves its rows.
_FROZEN = {
    "Edition": {"live_until", "released_by_id"},
    "EditionByline": set(),
    "EditionPicture": set(),
    "TaggedEdition": set(),
    "Transition": {"actor_id"},
}


def install(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Create all guards; those that are there are replaced."""
    remove(apps, editor)
    postgres = editor.connection.vendor == "postgresql"
    for name, free in _frozen(apps).items():
        model: Any = apps.get_model("articles", name)
        columns = [f.column for f in model._meta.concrete_fields if f.column not in free]
        table = model._meta.db_table
        for statement in _freeze_postgres(table, columns) if postgres else [_freeze_sqlite(table, columns)]:
            editor.execute(statement)
    for statement in _POSTGRES_PERIODS if postgres else _SQLITE_PERIODS:
        editor.execute(statement)


def remove(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Drop all guards."""
    postgres = editor.connection.vendor == "postgresql"
    for name in _frozen(apps):
        table = apps.get_model("articles", name)._meta.db_table
        on = f" ON {table}" if postgres else ""
        editor.execute(f"DROP TRIGGER IF EXISTS {table}_frozen{on}")
        if postgres:
            editor.execute(f"DROP FUNCTION IF EXISTS {table}_frozen()")
    if postgres:
        editor.execute("ALTER TABLE articles_edition DROP CONSTRAINT IF EXISTS edition_one_at_a_time")
    else:
        editor.execute("DROP TRIGGER IF EXISTS articles_edition_one_at_a_time_insert")
        editor.execute("DROP TRIGGER IF EXISTS articles_edition_one_at_a_time_update")


def _frozen(apps: Apps) -> dict[str, set[str]]:
    """Return those tables that there are: an early migration knows fewer."""
    known = {model.__name__ for model in apps.get_app_config("articles").get_models()}
    return {name: free for name, free in _FROZEN.items() if name in known}


def _freeze_sqlite(table: str, columns: list[str]) -> str:
    changed = " OR ".join(f'OLD."{column}" IS NOT NEW."{column}"' for column in columns)
    return (
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} WHEN {changed} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is frozen'); END"
    )


def _freeze_postgres(table: str, columns: list[str]) -> list[str]:
    old = ", ".join(f'OLD."{column}"' for column in columns)
    new = ", ".join(f'NEW."{column}"' for column in columns)
    return [
        f"CREATE FUNCTION {table}_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF ROW({old}) IS DISTINCT FROM ROW({new}) THEN "
        f"RAISE EXCEPTION '{table} is frozen' USING ERRCODE = 'check_violation'; END IF; "
        "RETURN NEW; END $$",
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_frozen()",
    ]


_POSTGRES_PERIODS = [
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    "ALTER TABLE articles_edition ADD CONSTRAINT edition_one_at_a_time "
    "EXCLUDE USING gist (article_id WITH =, tstzrange(live_from, live_until) WITH &&)",
]
# An empty period (a cancelled edition) overlaps nothing; SQLite compares the dates as text,
# which Django writes in UTC and in one format.
_SQLITE_PERIODS = [
    f"CREATE TRIGGER articles_edition_one_at_a_time_{event.lower()} BEFORE {event} ON articles_edition "  # noqa: S608
    "WHEN NEW.live_from < NEW.live_until AND EXISTS (SELECT 1 FROM articles_edition o "
    "WHERE o.article_id = NEW.article_id AND o.id IS NOT NEW.id AND o.live_from < o.live_until "
    "AND o.live_from < NEW.live_until AND NEW.live_from < o.live_until) "
    "BEGIN SELECT RAISE(ABORT, 'edition_one_at_a_time'); END"
    for event in ("INSERT", "UPDATE")
]
