"""Run in a process of its own by test_fresh.py: makes a namespace one way and prints its schema as JSON."""

import json
import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "linli.settings"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from linli.foundation.core import namespaces  # noqa: E402

name, steps = sys.argv[1], sys.argv[2] == "steps"
namespaces.set_process_default(name)


def rows(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [tuple(map(str, row)) for row in cursor.fetchall()]


def parts(inside):
    """Split the inside of a CREATE TABLE at its commas; one inside brackets or a text parts nothing."""
    found, depth, quoted = [""], 0, False
    for letter in inside:
        quoted ^= letter == "'"
        depth += 0 if quoted else (letter == "(") - (letter == ")")
        if letter == "," and depth == 0 and not quoted:
            found.append("")
        else:
            found[-1] += letter
    return [" ".join(part.split()) for part in found]


def of_sqlite():
    everything = "SELECT type, name, coalesce(sql, '') FROM sqlite_master WHERE name NOT GLOB 'sqlite*'"
    for kind, table, sql in rows(everything):
        if kind != "table" or sql.startswith("CREATE VIRTUAL"):
            yield f"{kind} {table}: {sql}"
        else:
            # Columns stand in the order in which they came.
            yield from (f"{table}: {part}" for part in parts(sql[sql.index("(") + 1 : sql.rindex(")")]))


def of_postgres():
    for table, column, *rest in rows(
        "SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length, is_identity,"
        " collation_name FROM information_schema.columns WHERE table_schema = %s",
        name,
    ):
        yield f"{table}.{column}: {rest}"
    yield from (
        f"{table} {constraint}: {text}"
        for table, constraint, text in rows(
            "SELECT t.relname, c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c"
            " JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname = %s",
            name,
        )
    )
    yield from (
        text
        for (text,) in rows(
            "SELECT pg_get_triggerdef(g.oid) FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid"
            " JOIN pg_namespace n ON n.oid = t.relnamespace WHERE NOT g.tgisinternal AND n.nspname = %s",
            name,
        )
    )
    yield from (text for (text,) in rows("SELECT indexdef FROM pg_indexes WHERE schemaname = %s", name))


call_command("migrate", verbosity=0, step_by_step=steps)
found = sorted(of_postgres() if connection.vendor == "postgresql" else of_sqlite())
filled = [
    table
    for table in connection.introspection.table_names()
    if table not in {"django_migrations"}
    and not table.startswith(("cases_search_", "fieldwork_search_"))
    and rows(f'SELECT 1 FROM "{table}"')
]
recorded = rows("SELECT app, name FROM django_migrations ORDER BY app, name")
sys.stdout.write(json.dumps([[part.replace(name, "NAMESPACE") for part in found], filled, recorded]))
if connection.vendor == "postgresql":
    with connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA "{name}" CASCADE')
