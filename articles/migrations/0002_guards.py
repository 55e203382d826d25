"""Guards in the database: never two editions at one moment, nothing frozen ever changes."""

from django.db import migrations

from articles.models import guards


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]

    operations = [migrations.RunPython(guards.install, guards.remove)]
