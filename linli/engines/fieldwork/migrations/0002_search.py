"""The search table of targets: FTS5 on SQLite, tsvector with GIN on PostgreSQL."""

from django.db import migrations

from linli.foundation.core.db.fresh import MAKES_SCHEMA
from linli.foundation.core.db.searching import SearchTable

TABLE = SearchTable("fieldwork_search", "target_id")


def forwards(apps, schema_editor):
    """Make it."""
    TABLE.make(schema_editor)


def backwards(apps, schema_editor):
    """Drop it."""
    TABLE.drop(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("fieldwork", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards, hints=MAKES_SCHEMA, elidable=False)]
