"""What is asked of each area in a period is read from an index: see docs/reference/field-speed.md."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fieldwork", "0007_coverage")]

    operations = [
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["due_on", "area_path", "state"], name="fieldwork_visit_burden"),
        ),
    ]
