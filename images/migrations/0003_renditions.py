import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("images", "0002_rights")]

    operations = [
        migrations.AddField(
            model_name="image",
            name="rendered",
            field=models.CharField(
                blank=True, default="", editable=False, max_length=20, verbose_name="Bildgrößen"
            ),
        ),
        migrations.CreateModel(
            name="OldRenditions",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rendered", models.CharField(max_length=20)),
                ("since", models.DateTimeField()),
                (
                    "image",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="old_renditions",
                        to="images.image",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["since"], name="old_renditions_by_age")]},
        ),
    ]
