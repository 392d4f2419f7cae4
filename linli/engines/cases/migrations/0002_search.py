"""The search table: FTS5 on SQLite, tsvector with GIN on PostgreSQL."""

from django.db import migrations

from linli.foundation.core.db.fresh import MAKES_SCHEMA


def forwards(apps, schema_editor):
    """Make the table that fits the database."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE VIRTUAL TABLE cases_search USING fts5(body, tokenize=\"unicode61 remove_diacritics 0\", detail=full)"
        )
        return
    schema_editor.execute(
        # No foreign key: cases are never deleted, and one would stand in the way of emptying tables.
        "CREATE TABLE cases_search (case_id bigint PRIMARY KEY, body tsvector NOT NULL)"
    )
    schema_editor.execute("CREATE INDEX cases_search_body ON cases_search USING gin (body)")


def backwards(apps, schema_editor):
    """Drop it."""
    schema_editor.execute("DROP TABLE cases_search")


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards, hints=MAKES_SCHEMA, elidable=False)]
