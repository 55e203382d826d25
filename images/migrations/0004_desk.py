import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from images import lookup
from renewz.lib.text import fold


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Write what the search finds pictures by, for those that were there before."""
    images = apps.get_model("images", "Image").objects
    for row in images.only("title", "caption", "credit", "creator", "place").iterator(chunk_size=500):
        words = (row.title, row.caption, row.credit, row.creator, row.place)
        images.filter(pk=row.pk).update(lookup=fold(" ".join(words)))


class Migration(migrations.Migration):
    dependencies = [
        ("images", "0003_renditions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImageEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("uploaded", "Hochgeladen"),
                            ("described", "Angaben geändert"),
                            ("ended", "Lizenzende geändert"),
                            ("swapped", "Ausgetauscht"),
                            ("unswapped", "Austausch zurückgenommen"),
                            ("deleted", "Gelöscht"),
                            ("downloaded", "Original heruntergeladen"),
                        ],
                        max_length=20,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ("-pk",),
            },
        ),
        migrations.AlterModelOptions(
            name="image",
            options={
                "ordering": ("-pk",),
                "permissions": (
                    ("describe_any_image", "Darf Bilder beschreiben, die andere hochgeladen haben"),
                    ("swap_image", "Darf Bilder überall austauschen"),
                    ("download_image", "Darf Originale herunterladen"),
                ),
                "verbose_name": "Bild",
                "verbose_name_plural": "Bilder",
            },
        ),
        migrations.AddField(
            model_name="image",
            name="conflicts",
            field=models.JSONField(
                blank=True, default=list, editable=False, verbose_name="Widersprüche in der Datei"
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="is_complete",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(
                        models.Q(
                            models.Q(("credit", ""), _negated=True),
                            models.Q(("licence", ""), _negated=True),
                            models.Q(
                                models.Q(("alt", ""), _negated=True), ("decorative", True), _connector="OR"
                            ),
                        ),
                        then=models.Value(True),
                    ),
                    default=models.Value(False),
                ),
                output_field=models.BooleanField(),
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="lookup",
            field=models.TextField(default="", editable=False),
        ),
        migrations.AddField(
            model_name="image",
            name="version",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="Version"),
        ),
        migrations.AddIndex(
            model_name="image",
            index=models.Index(fields=["is_complete", "-id"], name="image_by_completeness"),
        ),
        migrations.AddIndex(
            model_name="image",
            index=models.Index(fields=["source_type", "-id"], name="image_by_source"),
        ),
        migrations.AddIndex(
            model_name="image",
            index=models.Index(fields=["uploaded_by", "-id"], name="image_by_uploader"),
        ),
        migrations.AddField(
            model_name="imageevent",
            name="actor",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="imageevent",
            name="image",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="events",
                to="images.image",
            ),
        ),
        # A later migration that rebuilds this table on SQLite wraps itself in remove and install.
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(lookup.install, lookup.remove),
    ]
