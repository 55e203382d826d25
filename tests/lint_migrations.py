"""Does the release before go on working while these migrations run? Part of ``make lint``.

Judged by the SQL of PostgreSQL, where it counts: SQLite has one process that writes. What breaks the
release before belongs into a later one (CONTRIBUTING.md, „Migrationen“).
"""

import os
import sys

from tests.postgres import end_in_order_at_sigterm, server

# What was there before the rule: no site ran on it.
BEFORE_THE_RULE = {
    "accounts": {"0001_initial"},
    "articles": {
        "0001_initial",
        "0002_guards",
        "0003_lookup",
        "0004_pictures",
        "0005_share_card",
        "0006_form_begins_one_article",
    },
    "authors": {"0001_initial", "0002_pictures"},
    "delivery": {"0001_initial"},
    "frontpage": {"0001_initial"},
    "images": {"0001_initial", "0002_rights", "0003_renditions", "0004_desk"},
    "markets": {"0001_initial"},
    "search": {"0001_initial", "0002_index"},
}
# Which ones take away what the release before no longer uses, and since when: {"articles": {"0009_…"}}.
CONTRACTING: dict[str, set[str]] = {}
# An index is built while nobody writes into its table, but everybody reads: seconds, knowingly.
NOT_ASKED = ["CREATE_INDEX", "CREATE_INDEX_EXCLUSIVE"]


def main() -> int:
    """Print what would break, and return how many migrations do."""
    import django  # noqa: PLC0415  reads the address of the database

    django.setup()
    from django.apps import apps  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415
    from django_migration_linter import MigrationLinter  # noqa: PLC0415

    linter = MigrationLinter(
        str(settings.BASE_DIR), no_cache=True, exclude_migration_tests=NOT_ASKED, quiet=["ignore", "ok"]
    )
    for (app, name), migration in sorted(linter.migration_loader.disk_migrations.items()):
        ours = apps.get_app_config(app).path.startswith(str(settings.BASE_DIR / app))
        settled = BEFORE_THE_RULE.get(app, set()) | CONTRACTING.get(app, set())
        if ours and name not in settled:
            linter.lint_migration(migration)
    return linter.nb_erroneous


if __name__ == "__main__":
    end_in_order_at_sigterm()
    with server() as postgres:
        os.environ |= {
            "DATABASE_URL": postgres.url,
            "DJANGO_SETTINGS_MODULE": "renewz.settings",
            "RENEWZ_LOG_LEVEL": "WARNING",
        }
        failed = main()
        from django.db import connection

        connection.close_pool()  # type: ignore[attr-defined]
    sys.exit(failed)
