"""Papers beside lists: where it was asked, what it is called, which chapter is being written."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add three columns."""

    dependencies = [("exports", "0001_initial")]

    operations = [
        migrations.AddField("export", name, models.CharField(blank=True, default="", max_length=length))
        for name, length in (("origin", 200), ("title", 100), ("step", 100))
    ]
