import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_pictures")]

    operations = [
        migrations.CreateModel(
            name="ShareCard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "edition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="share_card",
                        to="articles.edition",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["name"], name="share_card_by_name")]},
        ),
    ]
