"""Holds what a row says until the transaction ends, without keeping others from holding it too."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import Model


def hold(row: Model, name: str) -> Any:
    """Return what a field of a saved row says now; nobody changes the row before this transaction is over.

    Many hold one row at the same time; who changes it waits for them, and they for that one. On SQLite a transaction
    that writes is alone anyway, and the row is only read.
    """
    rows = type(row)._base_manager.filter(pk=row.pk).values_list(name, flat=True)
    if connection.vendor != "postgresql":
        return rows.get()
    sql, given = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} FOR SHARE", given)
        found = cursor.fetchone()
    if found is None:
        raise type(row).DoesNotExist  # type: ignore[attr-defined]
    return found[0]
