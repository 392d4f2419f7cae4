"""Targets counted by ledger, area and day of the last visit as they change, by triggers of the database itself."""

from datetime import datetime
from zoneinfo import ZoneInfo

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Max

from linli.foundation.core.db.fresh import MAKES_SCHEMA

COLUMNS = "kind_id, area_path, what, day, until"
LATE = "tried_at IS NOT NULL AND ({0}visited_at IS NULL OR {0}tried_at > {0}visited_at)"


def day(column, vendor):
    """Return the SQL of the day of a moment on the clock of the place; the offset is that of the beginning of 2026."""
    seconds = int(datetime(2026, 1, 1, tzinfo=ZoneInfo(settings.TIME_ZONE)).utcoffset().total_seconds())
    if vendor == "postgresql":
        return f"(({column} AT TIME ZONE 'UTC') + interval '{seconds} seconds')::date"
    return f"date({column}, '{seconds:+d} seconds')"


def counted(sign, vendor, row="", table=""):
    """Return the SQL of what one side of a change counts: rows of ``table``, or the one ``row`` of a trigger."""
    source = f" FROM {table}" if table else ""
    parts = (("seen", "visited_at", ""), ("tried", "tried_at", LATE), ("tried_seen", "visited_at", LATE))
    return " UNION ALL ".join(
        f"SELECT {row}kind_id AS kind_id, {row}area_path AS area_path, '{what}' AS what, "
        f"{day(row + column, vendor)} AS day, {row}until AS until, {sign}1 AS n{source} "
        f"WHERE {row}merged_into_id IS NULL" + (f" AND {row}{late.format(row)}" if late else "")
        for what, column, late in parts
    )


def added(*sides):
    """Return the statement that counts; a change that changes no count adds nothing."""
    return (
        f"INSERT INTO fieldwork_targettally ({COLUMNS}, n) SELECT {COLUMNS}, sum(n) "
        f"FROM ({' UNION ALL '.join(sides)}) AS sides GROUP BY {COLUMNS} HAVING sum(n) <> 0"
    )


def make(apps, schema_editor):
    """Make the triggers."""
    vendor = schema_editor.connection.vendor
    if vendor == "sqlite":
        sides = {
            "insert": [counted("+", vendor, "NEW.")],
            "update": [counted("-", vendor, "OLD."), counted("+", vendor, "NEW.")],
            "delete": [counted("-", vendor, "OLD.")],
        }
        for event, both in sides.items():
            schema_editor.execute(
                f"CREATE TRIGGER fieldwork_target_{event} AFTER {event.upper()} ON fieldwork_target "
                f"BEGIN {added(*both)}; END"
            )
        return
    was, now = counted("-", vendor, table="was"), counted("+", vendor, table="now_is")
    schema_editor.execute(
        "CREATE FUNCTION fieldwork_targets_counted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'INSERT' THEN {added(now)}; ELSIF TG_OP = 'DELETE' THEN {added(was)}; "
        f"ELSE {added(was, now)}; END IF; RETURN NULL; END $$",
        params=None,
    )
    tables = {
        "insert": "NEW TABLE AS now_is", "update": "OLD TABLE AS was NEW TABLE AS now_is", "delete": "OLD TABLE AS was",
    }  # fmt: skip
    for event, named in tables.items():
        schema_editor.execute(
            f"CREATE TRIGGER fieldwork_target_{event} AFTER {event.upper()} ON fieldwork_target REFERENCING {named} "
            "FOR EACH STATEMENT EXECUTE FUNCTION fieldwork_targets_counted()",
            params=None,
        )


def drop(apps, schema_editor):
    """Drop the triggers."""
    for event in ("insert", "update", "delete"):
        on = " ON fieldwork_target" if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER fieldwork_target_{event}{on}")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION fieldwork_targets_counted()")


def count_what_there_is(apps, schema_editor):
    """Say of each target when somebody knocked last, and count all of them."""
    target, attempt = apps.get_model("fieldwork", "Target"), apps.get_model("fieldwork", "Attempt")
    last = {}
    knocks = attempt.objects.order_by().values_list("visit__target", "visit__target__merged_into")
    for pk, into, at in knocks.annotate(Max("at")):
        for each in {pk, into or pk}:
            last[each] = max(last.get(each, at), at)
    for pk, at in last.items():
        target.objects.filter(pk=pk).update(tried_at=at)
    schema_editor.execute("DELETE FROM fieldwork_targettally")
    schema_editor.execute(added(counted("+", schema_editor.connection.vendor, table="fieldwork_target")), params=None)


class Migration(migrations.Migration):
    dependencies = [("fieldwork", "0006_boards")]
    operations = [
        migrations.AddField(model_name="target", name="tried_at", field=models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="TargetTally",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("area_path", models.CharField(blank=True, default="", max_length=200)),
                ("what", models.CharField(max_length=10)),
                ("day", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                ("n", models.IntegerField()),
                (
                    "kind",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="fieldwork.kind",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["kind", "area_path"], name="fieldwork_target_tally")]},
        ),
        migrations.RunPython(make, drop, hints=MAKES_SCHEMA, elidable=False),
        migrations.RunPython(count_what_there_is, migrations.RunPython.noop, elidable=False),
    ]
