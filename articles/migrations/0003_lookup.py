"""The trigram index with which the newsroom finds manuscripts."""

from django.db import migrations

from articles.models import lookup


class Migration(migrations.Migration):
    dependencies = [("articles", "0002_guards")]

    operations = [migrations.RunPython(lookup.install, lookup.remove)]
