from django.conf import settings
from django.db import migrations, models

from articles.models import guards, lookup


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0005_share_card"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(guards.remove, guards.install),
        migrations.RunPython(lookup.remove, lookup.install),
        migrations.AddField(
            model_name="article",
            name="form",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.UniqueConstraint(fields=("owner", "form"), name="form_begins_one_article"),
        ),
        migrations.RunPython(lookup.install, lookup.remove),
        migrations.RunPython(guards.install, guards.remove),
    ]
