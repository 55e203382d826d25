"""The index itself: FTS5 on SQLite, tsvector with GIN on PostgreSQL."""

from django.db import migrations

from search import index


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(index.install, index.remove)]
