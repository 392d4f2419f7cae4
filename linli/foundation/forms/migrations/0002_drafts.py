"""Versions may be drafts; whole forms are told from flat question sets."""

from typing import Any

from django.db import migrations, models
from django.db.models import F


def _published(apps: Any, _editor: Any) -> None:
    """What stands so far is in use."""
    version = apps.get_model("forms", "FormVersion")
    version.objects.update(published_at=F("created_at"), changed_at=F("created_at"))
    for row in version.objects.only("form_id", "questions").iterator():
        if "schema" in row.questions:
            apps.get_model("forms", "Form").objects.filter(pk=row.form_id).update(whole=True)


class Migration(migrations.Migration):
    dependencies = [("forms", "0001_initial")]

    operations = [
        migrations.AddField("form", "whole", models.BooleanField(default=False)),
        migrations.AddField("form", "kind", models.CharField(blank=True, default="", max_length=24)),
        migrations.AddField("form", "shipped", models.PositiveIntegerField(default=0)),
        migrations.AddField("formversion", "published_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("formversion", "edition", models.PositiveIntegerField(default=1)),
        migrations.AddField("formversion", "changed_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("formversion", "changed_label", models.CharField(blank=True, default="", max_length=80)),
        migrations.AddIndex("form", models.Index(fields=["whole", "title", "code"], name="forms_form_list")),
        migrations.RunPython(_published, migrations.RunPython.noop),
    ]
