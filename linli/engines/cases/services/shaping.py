"""Shaping the categories: drafts, their publishing, switching off, moving. Published versions are never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.cases.models import Category, CategoryDraft, CategoryVersion
from linli.engines.cases.rules import describing
from linli.engines.cases.selectors import catalogue
from linli.engines.cases.selectors.shaping import Hanging, category_row, draft_of, hanging_on
from linli.engines.cases.services.catalogue import renew, save_category
from linli.engines.cases.services.inputs import need
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError, NotFoundError, StaleError
from linli.foundation.core.text import clean
from linli.foundation.forms.rules import BadSetError, from_json, to_json
from linli.foundation.journal import services as journal
from linli.foundation.people import permissions

CONFIGURE = "console:configure"
_SAID: dict[str, Any] = {
    "code": gettext_lazy("代码用小写英文字母开头，只含小写字母、数字和下划线，最多 32 个。"),
    "missing": gettext_lazy("请填写。"),
    "long": gettext_lazy("文字太长，请精简。"),
    "words": gettext_lazy("最多 60 个词，每个最多 20 个字。"),
    "guarded": gettext_lazy("受保护的分类（户内、家庭、纠纷、涉及个人或单位）不得公开，请去掉其中一项。"),
    "count": gettext_lazy("照片张数应为 0 至 9。"),
    "reason": gettext_lazy("要求拍照必须写明理由，让承办人员知道为什么要拍；不需要就填 0 张。"),
    "call": gettext_lazy("请写明拨打什么电话，例如 110、119、120、962777。"),
    "english": gettext_lazy("有中文提示就要有英文提示，让看不懂中文的居民也能求助。"),
    "chinese": gettext_lazy("请同时填写中文提示。"),
    "days": gettext_lazy("天数应为 0 至 3650，0 表示按规则手册。"),
}


_QUESTION_SAID: dict[str, Any] = {
    "unknown_name": gettext_lazy("它的条件要看另一个问题的回答，那个问题必须排在它前面，也不能删除。"),
    "expression": gettext_lazy("条件读不懂，请检查括号、引号和问题代码。"),
    "choices": gettext_lazy("请写出各不相同的选项。"),
    "label": gettext_lazy("请写出中文问法。"),
    "twice": gettext_lazy("有两个问题代码相同。"),
    "type": gettext_lazy("请选择答案类型。"),
    "too_many": gettext_lazy("问题太多，请删去一些。"),
}


def faults_of(draft: CategoryDraft, spec: Mapping[str, Any], row: Category | None) -> list[tuple[str, str]]:
    """Return what keeps ``spec`` from being published; of a group (without a parent) only its names count."""
    group = row.parent_id is None if row is not None else not draft.parent_code
    return describing.faults(spec, group=group)


def said_of(found: Sequence[tuple[str, str]]) -> list[str]:
    """Return in words what :func:`describing.faults` found."""
    return [str(_SAID[code]) for _field, code in found]


def refuse_faults(found: Sequence[tuple[str, str]]) -> None:
    """Raise InvalidError with what is wrong at each field, if anything is."""
    if not found:
        return
    fields: dict[str, list[str]] = {}
    for field, code in found:
        fields.setdefault(field, []).append(str(_SAID[code]))
    raise InvalidError(_("分类还不完整，请看标红的地方。"), code="cases.category", fields=fields)


def _questions(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return the questions in their canonical JSON, or raise with the question that is wrong."""
    if not (spec.get("questions") or {}).get("questions"):
        return {}
    try:
        return to_json(from_json(spec["questions"]))
    except BadSetError as error:
        asked = spec["questions"]["questions"]
        words = next((q.get("label", {}).get("zh-hans", "") for q in asked if q.get("code") == error.question), "")
        message = _("问题“%(question)s”：%(what)s") % {
            "question": words or error.question,
            "what": _QUESTION_SAID.get(error.what, error.what),
        }
        raise InvalidError(message, code="cases.questions", fields={"questions": [message]}) from error


@whole
def save_draft(
    *,
    by: Actor,
    now: datetime,
    code: str,
    changes: Mapping[str, Any],
    parent: str | None = None,
    expected: int = 0,
) -> CategoryDraft:
    """Change what category ``code`` is to say next; nothing of it is in force before :func:`publish_category`.

    Args:
        changes: fields of the version's JSON to set; the others stay as the draft or the version in force has them.
        parent: the group of a category that is not published yet; None leaves it.
        expected: the draft's edition that the person saw; 0: they saw none.

    Raises:
        InvalidError: what it would say breaks a rule; the fields say which.
        StaleError: somebody else changed the draft meanwhile.
    """
    permissions.check(by, CONFIGURE)
    draft = CategoryDraft.objects.select_for_update().filter(code=code).first()
    if (draft.edition if draft else 0) != expected:
        raise StaleError(
            _("这份草稿已被他人修改。"), hint=_("请刷新后核对，再填写您的修改。您刚才填写的内容没有保存。")
        )
    row = Category.objects.filter(code=code).select_related("version").first()
    standing = draft.spec if draft else (row.version.spec if row and row.version else {})
    spec = {**standing, **changes, "code": code}
    spec["questions"] = _questions(spec)
    if not spec["questions"]:
        del spec["questions"]
    if draft is None:
        base = row.version.number if row and row.version else 0
        draft = CategoryDraft(code=code, base=base, edition=0)
    if row is None and parent is not None:
        draft.parent_code = _group_code(parent)
    # What was not touched is looked at when it is published: a question can be added before the rest is whole.
    touched = {*changes, "code"}
    refuse_faults([f for f in faults_of(draft, spec, row) if describing.part_of(f[0]) in touched])
    draft.spec, draft.edition = spec, draft.edition + 1
    draft.changed_at, draft.changed_by = now, by.label[:80]
    draft.save()
    _drafted(draft, by=by, now=now, changed=sorted(changes))
    return draft


def _drafted(draft: CategoryDraft, *, by: Actor, now: datetime, changed: Sequence[str]) -> None:
    journal.record(
        by=by, verb="cases.save_draft", kind="category", uuid=None, label=draft.code, now=now,
        after={"edition": draft.edition, "base": draft.base, "changed": list(changed)},
    )  # fmt: skip


def _group_code(code: str, *, moving: Category | None = None) -> str:
    """Return ``code`` if a category may stand under it: a group without a parent."""
    if not code:
        return ""
    group = Category.objects.filter(code=code).first()
    if group is None or group.parent_id is not None or (moving is not None and group.pk == moving.pk):
        raise InvalidError(
            _("分类只有大类和小类两级。"), code="cases.parent", fields={"parent": [_("请选择一个大类。")]}
        )
    if code in describing.FIXED:
        raise InvalidError(
            _("这个分类由系统使用，不能作大类。"), code="cases.parent", fields={"parent": [_("请选择其他大类。")]}
        )
    return code


@whole
def start_category(*, by: Actor, now: datetime, code: str, spec: Mapping[str, Any], parent: str = "") -> CategoryDraft:
    """Begin a category that does not exist yet, as a draft.

    Raises:
        ConflictError: there is one of that code, in force, switched off or drafted.
    """
    permissions.check(by, CONFIGURE)
    if Category.objects.filter(code=code).exists() or CategoryDraft.objects.filter(code=code).exists():
        raise ConflictError(
            _("已有代码为“%(code)s”的分类。") % {"code": code},
            code="cases.category",
            fields={"code": [_("已有这个代码的分类，请换一个代码，或修改已有的分类。")]},
        )
    return save_draft(by=by, now=now, code=code, changes=spec, parent=parent)


@whole
def discard_draft(*, by: Actor, now: datetime, code: str) -> None:
    """Throw a draft away; what is in force stays."""
    permissions.check(by, CONFIGURE)
    draft = CategoryDraft.objects.filter(code=code).first()
    if draft is None:
        raise NotFoundError(_("没有这份草稿。"), code="cases.draft")
    draft.delete()
    journal.record(
        by=by, verb="cases.discard_draft", kind="category", uuid=None, label=code, now=now,
        before={"spec": draft.spec, "base": draft.base},
    )  # fmt: skip


@whole
def publish_category(*, by: Actor, now: datetime, code: str, reason: str, expected: int) -> CategoryVersion:
    """Put the draft of ``code`` in force as a new version; cases taken in before keep theirs.

    Args:
        reason: why, for those who read the versions later.
        expected: the draft's edition that was looked at.

    Raises:
        ConflictError: another version was published since the draft began, or the draft says nothing new.
        StaleError: the draft was changed since it was looked at.
    """
    permissions.check(by, CONFIGURE)
    need(reason=reason)
    draft = CategoryDraft.objects.select_for_update().filter(code=code).first()
    if draft is None:
        raise NotFoundError(_("没有这份草稿。"), code="cases.draft")
    if draft.edition != expected:
        raise StaleError(_("这份草稿已被他人修改。"), hint=_("请重新预览后再发布。"))
    row = Category.objects.select_for_update(of=("self",)).filter(code=code).select_related("version", "parent").first()
    refuse_faults(faults_of(draft, draft.spec, row))
    standing = row.version if row else None
    if (standing.number if standing else 0) != draft.base:
        raise ConflictError(
            _("起草之后已发布了别的版本。"), code="cases.category", hint=_("请放弃这份草稿，在新版本上重新修改。")
        )
    if standing is not None and not describing.differences(standing.spec, draft.spec):
        raise ConflictError(_("草稿与现行版本没有差别。"), code="cases.category", hint=_("请先修改，或放弃这份草稿。"))
    parent, order = (row.parent.code if row.parent else "", row.order) if row else _last_place(draft.parent_code)
    saved = save_category(by=by, now=now, spec=draft.spec, parent=parent, order=order, reason=clean(reason)[:500])
    draft.delete()
    version = saved.version
    assert version is not None  # save_category gives each category its version  # noqa: S101
    return version


def _last_place(parent: str) -> tuple[str, int]:
    """Return (group, order) behind the last of the group's categories, or behind the last group."""
    group = _group_code(parent)
    inside = Category.objects.filter(parent__code=group) if group else Category.objects.filter(parent=None)
    last = inside.order_by("-order").values_list("order", flat=True).first()
    return group, (last or 0) + 1


@whole
def restore_version(*, by: Actor, now: datetime, code: str, number: int) -> CategoryDraft:
    """Make a draft of what an earlier version said, to be looked at and published as a new one."""
    permissions.check(by, CONFIGURE)
    row = category_row(code)
    if draft_of(code) is not None:
        raise ConflictError(_("这个分类已有一份草稿。"), code="cases.draft", hint=_("请先发布或放弃它，再恢复旧版本。"))
    version = CategoryVersion.objects.filter(category=row, number=number).first()
    if version is None:
        raise NotFoundError(_("没有这个版本。"), code="cases.version")
    base = row.version.number if row.version else 0
    draft = CategoryDraft.objects.create(
        code=code, spec=version.spec, base=base, edition=1, changed_at=now, changed_by=by.label[:80]
    )
    _drafted(draft, by=by, now=now, changed=[f"version {number}"])
    return draft


@whole
def switch_category(
    *, by: Actor, now: datetime, code: str, active: bool, reason: str, confirmed: bool = False
) -> Category:
    """Take a category out of use, or into use again; its cases keep its name and go on.

    Args:
        confirmed: whether the person has seen what hangs on it; without, open cases and routing rules stop it.

    Raises:
        ConflictError: it may not be switched off, or what hangs on it was not looked at.
    """
    permissions.check(by, CONFIGURE)
    need(reason=reason)
    row = Category.objects.select_for_update().get(pk=category_row(code).pk)
    if row.active == active:
        return row
    if not active:
        _may_switch_off(row, hanging_on(row), confirmed=confirmed)
    Category.objects.filter(pk=row.pk).update(active=active)
    row.active = active
    journal.record(
        by=by, verb="cases.switch_category", kind="category", uuid=None, label=f"{row.code} {row.name}", now=now,
        before={"active": not active}, after={"active": active}, reason=clean(reason)[:500],
    )  # fmt: skip
    transaction.on_commit(catalogue.forget)
    renew()
    return row


def _may_switch_off(row: Category, hanging: Hanging, *, confirmed: bool) -> None:
    if row.code in describing.FIXED:
        raise ConflictError(
            _("“%(name)s”由系统使用，不能停用。") % {"name": row.name},
            code="cases.fixed",
            hint=_("没有选类别的诉求、吹哨和投诉建议都归入它们。"),
        )
    if hanging.children:
        raise ConflictError(
            _("“%(name)s”下还有 %(count)s 个在用的小类。") % {"name": row.name, "count": len(hanging.children)},
            code="cases.children",
            hint=_("请先停用或移走这些小类。"),
        )
    if not confirmed and (hanging.open_cases or hanging.rules):
        raise ConflictError(
            _("还有事项与“%(name)s”相关。") % {"name": row.name},
            code="cases.hanging",
            hint=_("请看过清单，勾选“我已知道”后再停用。"),
        )


@whole
def move_category(*, by: Actor, now: datetime, code: str, parent: str) -> Category:
    """Put a category under another group, behind the last one there; empty: make it a group."""
    permissions.check(by, CONFIGURE)
    row = category_row(code)
    if row.children.exists() and parent:
        raise InvalidError(
            _("大类下还有小类，不能放到别的大类下。"), code="cases.parent", fields={"parent": [_("请先移走小类。")]}
        )
    if row.code in describing.FIXED and not parent:
        raise InvalidError(_("请选择一个大类。"), code="cases.parent", fields={"parent": [_("请选择一个大类。")]})
    group = _group_code(parent, moving=row)
    before = {"parent": row.parent.code if row.parent else "", "order": row.order}
    if before["parent"] == group:
        return row
    row.parent = Category.objects.filter(code=group).first() if group else None
    row.order = _last_place(group)[1]
    row.save(update_fields=["parent", "order"])
    _moved(row, by=by, now=now, before=before, after={"parent": group, "order": row.order})
    return row


@whole
def reorder_category(*, by: Actor, now: datetime, code: str, step: int) -> Category:
    """Move a category one place up (``step`` -1) or down (1) among its siblings; at the end it stays."""
    permissions.check(by, CONFIGURE)
    row = category_row(code)
    siblings = list(Category.objects.select_for_update().filter(parent=row.parent).order_by("order", "code"))
    at = next(i for i, s in enumerate(siblings) if s.pk == row.pk)
    to = at + (1 if step > 0 else -1)
    if not 0 <= to < len(siblings):
        return row
    siblings[at], siblings[to] = siblings[to], siblings[at]
    before = {"place": at + 1}
    # Numbers that were equal or had holes are made 1, 2, 3, … with the move.
    for place, sibling in enumerate(siblings):
        sibling.order = place
    Category.objects.bulk_update(siblings, ["order"])
    row.order = to
    _moved(row, by=by, now=now, before=before, after={"place": to + 1})
    return row


def _moved(row: Category, *, by: Actor, now: datetime, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    journal.record(
        by=by, verb="cases.move_category", kind="category", uuid=None, label=f"{row.code} {row.name}", now=now,
        before=before, after=after,
    )  # fmt: skip
    transaction.on_commit(catalogue.forget)
    renew()
