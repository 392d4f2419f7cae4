"""Holds what a row says until the transaction ends, without keeping others from holding it too."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet


def hold(row: Model | QuerySet[Any], name: str) -> Any:
    """Return what a field of a saved row says now; nobody changes the row before this transaction is over.

    Many hold one row at the same time; who changes it waits for them, and they for that one. Who holds a row and locks
    others that its change changes too holds it first: who changes it goes the same way. On SQLite a transaction that
    writes is alone anyway, and the row is only read.

    Args:
        row: the row, or rows of which there is one: it alone is held, not those that it is found by.

    Raises:
        ObjectDoesNotExist: there is none.
    """
    found = row if isinstance(row, QuerySet) else type(row)._base_manager.filter(pk=row.pk)
    rows = found.values_list(name, flat=True)
    if connection.vendor != "postgresql":
        return rows.get()
    sql, given = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f'{sql} FOR SHARE OF "{found.model._meta.db_table}"', given)
        said = cursor.fetchone()
    if said is None:
        raise found.model.DoesNotExist  # type: ignore[union-attr]
    return said[0]
