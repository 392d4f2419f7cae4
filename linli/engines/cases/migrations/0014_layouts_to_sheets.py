"""What was said of layouts of sheets is kept by the room `sheets` for every kind of sheet: take it over."""

from typing import Any

from django.db import migrations

_SAME = ("kind", "key", "mapping", "values", "changed_at", "changed_by")
_OURS = ("hotline", "messages")


def take_over(apps: Any, schema_editor: Any) -> None:
    """Copy every layout."""
    before, after = apps.get_model("cases", "SheetLayout"), apps.get_model("sheets", "Layout")
    database = schema_editor.connection.alias
    for row in before.objects.using(database).order_by("pk").values(*_SAME).iterator(500):
        key = {"kind": row.pop("kind"), "key": row.pop("key")}
        after.objects.using(database).get_or_create(**key, defaults=row)


def give_back(apps: Any, schema_editor: Any) -> None:
    """Copy those of this room back."""
    before, after = apps.get_model("cases", "SheetLayout"), apps.get_model("sheets", "Layout")
    database = schema_editor.connection.alias
    rows = after.objects.using(database).filter(kind__in=_OURS).order_by("pk").values(*_SAME)
    for row in rows.iterator(500):
        row["changed_by"] = row["changed_by"][:80]
        key = {"kind": row.pop("kind"), "key": row.pop("key")}
        before.objects.using(database).get_or_create(**key, defaults=row)


class Migration(migrations.Migration):
    """Take the layouts over."""

    dependencies = [("cases", "0013_email"), ("sheets", "0002_layouts")]

    operations = [migrations.RunPython(take_over, give_back, elidable=False)]
