"""What hangs on rows that are to go: whatever points at them, in any room, found by the foreign keys themselves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Count, Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.sheets.types import Found, Hang

CHUNK = 500
# What people call the things that may point at others; the rest is named by its model.
NAMES: dict[str, Any] = {
    "accounts.Session": gettext_lazy("登录"),
    "cases.Case": gettext_lazy("案件"),
    "cases.CaseEvent": gettext_lazy("案件经过"),
    "cases.Category": gettext_lazy("下级分类"),
    "cases.Consultation": gettext_lazy("协商"),
    "cases.Helper": gettext_lazy("协办"),
    "cases.Party": gettext_lazy("协商参加方"),
    "cases.Reporter": gettext_lazy("反映人"),
    "cases.Request": gettext_lazy("申请"),
    "fieldwork.Finding": gettext_lazy("走访发现"),
    "fieldwork.Submission": gettext_lazy("走访记录"),
    "fieldwork.Target": gettext_lazy("走访对象"),
    "fieldwork.Visit": gettext_lazy("走访"),
    "people.Absence": gettext_lazy("请假"),
    "people.Appointment": gettext_lazy("任职"),
    "people.DutyShift": gettext_lazy("值班"),
    "people.LineForce": gettext_lazy("下沉力量"),
    "people.LineGrid": gettext_lazy("条线网格"),
    "people.Post": gettext_lazy("岗位"),
    "people.Unit": gettext_lazy("单位"),
    "places.Area": gettext_lazy("下级区域"),
    "places.FormerBorder": gettext_lazy("边界变更"),
    "places.Place": gettext_lazy("地点"),
    "projects.Task": gettext_lazy("任务"),
    "projects.TaskHelper": gettext_lazy("配合的任务"),
    "projects.TaskList": gettext_lazy("任务清单"),
    "projects.TaskSeries": gettext_lazy("周期任务"),
}


def _relations(model: type[Model], without: Collection[str]) -> list[Any]:
    """Return the foreign keys to ``model``, those without a way back too (``related_name="+"``)."""
    fields: Any = model._meta.get_fields(include_hidden=True)
    return [
        f
        for f in fields
        if f.auto_created and not f.concrete and (f.one_to_many or f.one_to_one)
        if f.related_model._meta.label not in without
    ]


def pointing_at(model: type[Model], found: Sequence[Found], *, without: Collection[str] = ()) -> list[Hang]:
    """Return what points at the rows of ``model`` whose keys are the ``data`` of ``found``; those rows themselves not.

    Args:
        without: labels of models that are part of the row and go with it (``places.PlaceToken``).
    """
    ids = [int(f.data) for f in found]
    labels = {int(f.data): f.label for f in found}
    going = set(ids)
    counted: dict[int, dict[str, int]] = {}
    for relation in _relations(model, without):
        name = relation.related_model._meta.label
        for row_id, count in _counts(relation, ids, going if relation.related_model is model else set()):
            own = counted.setdefault(row_id, {})
            own[name] = own.get(name, 0) + count
    return [Hang(labels[i], _words(counted[i])) for i in ids if i in counted]


def _counts(relation: Any, ids: Sequence[int], going: set[int]) -> list[tuple[int, int]]:
    field = relation.field.name
    rows = relation.related_model._base_manager.all()
    found: list[tuple[int, int]] = []
    for begin in range(0, len(ids), CHUNK):
        part = rows.filter(**{f"{field}__in": ids[begin : begin + CHUNK]})
        if going:  # a row that goes itself does not keep the one it points at
            alive = [(getattr(r, relation.field.attname)) for r in part.only("pk", field) if r.pk not in going]
            found += [(i, alive.count(i)) for i in dict.fromkeys(alive)]
        else:
            found += part.values_list(field).annotate(n=Count("pk")).order_by()
    return found


def _words(counted: dict[str, int]) -> str:
    return "、".join(
        _("%(count)s 项“%(name)s”") % {"count": n, "name": NAMES.get(label, label)} for label, n in counted.items()
    )
