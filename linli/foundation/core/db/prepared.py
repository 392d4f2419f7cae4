"""Statements that are built once: the query builder works longer on most of them than the database does.

A statement that every request sends differs from the last one only in its values. So it is
built once per thread with marks in the place of the values, and from then on sent as text;
its rows become the same model instances that the query set would give.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=Model)

# Values that nobody has, one of each kind that a statement may be given.
NUMBER = 917_364_502_718_281_828
TEXT = "\ue0f0mark\ue0f1"
MOMENT = datetime(1901, 2, 3, 4, 5, 6, 789, tzinfo=UTC)


@dataclass
class _Built:
    compiler: SQLCompiler
    text: str
    params: tuple[Any, ...]
    places: list[tuple[int, int]]
    converters: Any
    populators: list[Any]
    fields: tuple[type[Model], list[str], int, int]


@dataclass
class Prepared(Generic[M]):
    """A query set over values that change, built once per thread and database.

    Attributes:
        build: makes the query set from the marks; lazily, without asking the database. Its rows are model
            instances (``select_related`` and ``only`` are fine; ``values``, annotations and prefetching are not).
        marks: one of :data:`NUMBER`, :data:`TEXT`, :data:`MOMENT` for each value, no two the same; the statement
            may use a value more than once.
    """

    build: Callable[..., QuerySet[M]]
    marks: Sequence[int | str | datetime]
    _kept: threading.local = field(default_factory=threading.local, repr=False)

    def all(self, *values: Any) -> list[M]:
        """Return the instances that the statement finds for ``values``, in the order of the marks."""
        try:
            built = self._built()
        except EmptyResultSet:  # it can find nothing, whatever the values
            return []
        params = list(built.params)
        for place, which in built.places:
            params[place] = _adapted(values[which])
        with connection.cursor() as cursor:
            cursor.execute(built.text, params)
            rows = cursor.fetchall()
        if built.converters:
            rows = built.compiler.apply_converters(rows, built.converters)
        model, names, start, end = built.fields
        found = []
        for row in rows:
            one = model.from_db(connection.alias, names, row[start:end])
            for populator in built.populators:
                populator.populate(row, one)
            found.append(one)
        return cast("list[M]", found)

    def first(self, *values: Any) -> M | None:
        """Return the first of them, None if there is none; limit the query set to one."""
        return next(iter(self.all(*values)), None)

    def _built(self) -> _Built:
        built: _Built | None = getattr(self._kept, "built", None)
        if built is None or built.compiler.connection is not _wrapper():
            built = self._kept.built = self._make()
        return built

    def _make(self) -> _Built:
        rows = self.build(*self.marks)
        if rows._iterable_class is not ModelIterable or rows._prefetch_related_lookups:
            message = "only plain model instances can be prepared"
            raise TypeError(message)
        compiler = rows.query.get_compiler(connection=_wrapper())
        text, params = compiler.as_sql()
        adapted = [_adapted(mark) for mark in self.marks]
        places = [(i, adapted.index(p)) for i, p in enumerate(params) if p in adapted]
        if {which for _i, which in places} != set(range(len(adapted))):
            message = "a mark is lost in the statement"
            raise ValueError(message)
        info: Any = compiler.klass_info
        selected = info["select_fields"]
        start, end = selected[0], selected[-1] + 1
        names = [compiler.select[i][0].target.attname for i in selected]
        converters = compiler.get_converters([s[0] for s in compiler.select])
        populators = get_related_populators(info, compiler.select, connection.alias)
        return _Built(compiler, text, tuple(params), places, converters, populators, (info["model"], names, start, end))


def _wrapper() -> Any:
    """Return the thread's own connection, not the proxy."""
    return connections[connection.alias]


def _adapted(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
