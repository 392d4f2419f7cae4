"""Adding and changing rows without building the statement anew: what every act of everybody writes.

:func:`insert` does what ``save(force_insert=True)`` and ``bulk_create`` do for plain new rows, at
half the processor time: the statement's text is kept, and a value that is what its column
holds is not asked of its field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.db.models import DateField, Field, Model

# Kinds of columns whose values go to the database as they are, if they are of exactly that type.
_PLAIN: dict[str, type] = {
    "CharField": str,
    "TextField": str,
    "BooleanField": bool,
    "IntegerField": int,
    "SmallIntegerField": int,
    "PositiveIntegerField": int,
    "PositiveSmallIntegerField": int,
    "BigIntegerField": int,
    "BigAutoField": int,
}
_MOST_VALUES = 30_000  # SQLite takes 32,766 in one statement, PostgreSQL 65,535


@dataclass(frozen=True, slots=True)
class _Column:
    field: Field[Any, Any]
    name: str
    plain: type | None
    stamped: bool


@dataclass(frozen=True, slots=True)
class _Table:
    head: str
    row: str
    tail: str
    key: str
    columns: tuple[_Column, ...]


def _column(field: Field[Any, Any]) -> _Column:
    holder = field.target_field if field.remote_field else field
    stamped = isinstance(field, DateField) and (field.auto_now or field.auto_now_add)
    return _Column(field, field.attname, _PLAIN.get(holder.get_internal_type()), stamped)


@lru_cache(maxsize=256)
def _table(model: type[Model]) -> _Table:
    meta, quote = model._meta, connection.ops.quote_name
    key = meta.pk
    fields = [f for f in meta.concrete_fields if f is not key and not f.generated]
    names = ", ".join(quote(f.column) for f in fields)
    holes = ", ".join(["%s"] * len(fields))
    return _Table(
        head=f"INSERT INTO {quote(meta.db_table)} ({names}) VALUES ",  # noqa: S608  names of our own tables
        row=f"({holes})",
        tail=f" RETURNING {quote(key.column)}",
        key=str(key.attname),
        columns=tuple(map(_column, fields)),
    )


def insert(rows: Sequence[Model]) -> None:
    """Add new rows of one model, without keys of their own, and give them their keys: one INSERT.

    For models whose key the database draws; ``save`` of the model is not called. Beyond some
    thousand rows it takes one statement for each part.

    Raises:
        IntegrityError: as ``bulk_create``.
        TypeError: the rows are not all of one model.
    """
    if not rows:
        return
    model = type(rows[0])
    if any(type(row) is not model for row in rows):
        message = "rows of one model only"
        raise TypeError(message)
    table = _table(model)
    step = max(1, _MOST_VALUES // len(table.columns))
    for begin in range(0, len(rows), step):
        _insert(table, rows[begin : begin + step])


def change(model: type[Model], values: Mapping[str, Any], where: Mapping[str, Any]) -> int:
    """Set columns of the rows whose columns have these values; return how many rows those are: one UPDATE.

    Args:
        values: by the model's attribute (``unit_id``); plain values, no expressions.
        where: by attribute as well; none of them None.
    """
    columns = _columns(model)
    sets = ", ".join(f"{columns[name][0]} = %s" for name in values)
    wheres = " AND ".join(f"{columns[name][0]} = %s" for name in where)
    params = [columns[name][1].get_db_prep_save(value, connection) for name, value in values.items()]
    params += [columns[name][1].get_db_prep_value(value, connection) for name, value in where.items()]
    table = connection.ops.quote_name(model._meta.db_table)
    with transaction.mark_for_rollback_on_error(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {sets} WHERE {wheres}", params)  # noqa: S608  names of our own tables
        return int(cursor.rowcount)


@lru_cache(maxsize=256)
def _columns(model: type[Model]) -> dict[str, tuple[str, Field[Any, Any]]]:
    return {f.attname: (connection.ops.quote_name(f.column), f) for f in model._meta.concrete_fields}


def _insert(table: _Table, rows: Sequence[Model]) -> None:
    params: list[Any] = []
    add = params.append
    for row in rows:
        row._prepare_related_fields_for_save(operation_name="insert")  # type: ignore[attr-defined]
        for column in table.columns:
            value = column.field.pre_save(row, add=True) if column.stamped else getattr(row, column.name)
            plain = value is None or value.__class__ is column.plain
            add(value if plain else column.field.get_db_prep_save(value, connection))
    text = table.head + ", ".join([table.row] * len(rows)) + table.tail
    with transaction.mark_for_rollback_on_error(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(text, params)
        keys = cursor.fetchall()
    for row, (key,) in zip(rows, keys, strict=True):
        setattr(row, table.key, key)
        row._state.adding, row._state.db = False, connection.alias
