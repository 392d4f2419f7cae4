"""Writing categories and routing rules."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from linli.engines.cases.models import CatalogueVersion, Category, CategoryVersion, RoutingRule, RoutingVersion
from linli.engines.cases.selectors.catalogue import changed, raw_rule, to_spec
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import InvalidError
from linli.foundation.core.ids import uuid7
from linli.foundation.journal import services as journal

SHIPPED = Path(__file__).resolve().parent.parent / "shipped"


def renew() -> None:
    """Give the catalogue a new token: every process reads it again; this transaction sees its own at once."""
    CatalogueVersion.objects.update_or_create(pk=1, defaults={"token": uuid7()})
    changed()


@whole
def save_category(
    *, by: Actor, now: datetime, spec: Mapping[str, Any], parent: str = "", order: int = 0, reason: str = ""
) -> Category:
    """Enter a category, or give it a new version; cases taken in before keep theirs.

    Args:
        spec: in the shape of :class:`CategorySpec`; ``code`` and ``name`` are needed.
        reason: why, kept with the version and in the journal.

    Raises:
        InvalidError: no code or no name, the parent does not exist, or a guarded category is to be public.
    """
    if not spec.get("code") or not spec.get("name"):
        raise InvalidError(_("分类需要代码和名称。"), code="cases.category", fields={"code": [_("请填写代码和名称。")]})
    try:
        to_spec(spec)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidError(
            _("分类“%(code)s”的内容不完整或有错。") % {"code": spec["code"]},
            code="cases.category",
            hint=str(error)[:120],
        ) from error
    # Whatever door it comes by: what lies inside homes or concerns persons is never public (domain.md §13).
    if spec.get("guarded") and spec.get("public_space"):
        message = _("受保护的分类（户内、家庭、纠纷、涉及个人或单位）不得公开，请去掉其中一项。")
        raise InvalidError(message, code="cases.guarded", fields={"public_space": [message]})
    above = Category.objects.filter(code=parent).first() if parent else None
    if parent and above is None:
        raise InvalidError(_("没有上级分类“%(code)s”。") % {"code": parent}, code="cases.category")
    category, _made = Category.objects.update_or_create(
        code=spec["code"],
        defaults={
            "name": spec["name"],
            "resident_name": spec.get("resident_name") or spec["name"],
            "parent": above,
            "order": order,
        },
    )
    last = category.versions.order_by("-number").first()
    if last is None or last.spec != spec:
        version = CategoryVersion.objects.create(
            category=category,
            number=(last.number if last else 0) + 1,
            spec=dict(spec),
            created_at=now,
            created_by=by.label,
            reason=reason,
        )
        Category.objects.filter(pk=category.pk).update(version=version)
        category.version = version
        journal.record(
            by=by,
            verb="cases.save_category",
            kind="category",
            uuid=None,
            label=f"{category.code} {category.name}",
            before=last.spec if last else None,
            after=dict(spec),
            reason=reason,
            now=now,
        )
    renew()
    return category


def _rows_by_key() -> dict[str, RoutingRule]:
    return {str(r.pk): r for r in RoutingRule.objects.select_for_update().order_by("order", "id")}


def _put(rules: Sequence[Mapping[str, Any]], rows: Mapping[str, RoutingRule]) -> None:
    """Make the rows of the table say what ``rules`` say; a rule that stays keeps its row, for traces name it."""
    fresh: list[RoutingRule] = []
    kept: list[RoutingRule] = []
    for order, rule in enumerate(rules):
        row = rows.get(str(rule.get("key", "")))
        if row is None:
            row = RoutingRule()
            fresh.append(row)
        else:
            kept.append(row)
        row.order, row.name, row.note = order, rule["name"], rule.get("note", "")
        row.conditions, row.action = rule.get("conditions", {}), rule.get("action", {})
        row.active = bool(rule.get("active", True))
    ids = {r.pk for r in kept}
    RoutingRule.objects.exclude(pk__in=ids).delete()
    RoutingRule.objects.bulk_update(kept, ["order", "name", "note", "conditions", "action", "active"], batch_size=200)
    RoutingRule.objects.bulk_create(fresh)


def _keep_version(*, by: Actor, now: datetime, rules: Sequence[Mapping[str, Any]], reason: str) -> RoutingVersion:
    last = RoutingVersion.objects.order_by("-number").first()
    return RoutingVersion.objects.create(
        number=(last.number if last else 0) + 1,
        rules=[dict(r) for r in rules],
        reason=reason,
        created_at=now,
        created_by=by.label,
    )


@whole
def save_rules(*, by: Actor, now: datetime, rules: Sequence[Mapping[str, Any]], reason: str = "") -> RoutingVersion:
    """Put ``rules`` in force, in their order, in place of those that were; no case that is here already moves.

    Rules are the same where their ``key`` is that of a row. The list is kept as a version, and so is one that was
    in force before versions were kept.
    """
    rows = _rows_by_key()
    before = [raw_rule(r) for r in rows.values()]
    if before and not RoutingVersion.objects.exists():
        _keep_version(by=by, now=now, rules=before, reason=_("此前生效的派遣规则"))
    _put(rules, rows)
    after = [raw_rule(r) for r in RoutingRule.objects.order_by("order", "id")]
    version = _keep_version(by=by, now=now, rules=after, reason=reason)
    journal.record(
        by=by,
        verb="cases.save_rules",
        kind="routing",
        uuid=None,
        label=str(version.number),
        before={"rules": before},
        after={"rules": after},
        reason=reason,
        now=now,
    )
    renew()
    return version


def load_shipped(*, by: Actor, now: datetime) -> None:
    """Enter the categories and routing rules that come with Linli."""
    data = tomllib.loads((SHIPPED / "categories.toml").read_text(encoding="utf8"))
    order = 0
    for group in data["group"]:
        save_category(by=by, now=now, spec={k: v for k, v in group.items() if k != "category"}, order=order)
        for spec in group.get("category", []):
            order += 1
            save_category(by=by, now=now, spec=spec, parent=group["code"], order=order)
        order += 1
    rules = tomllib.loads((SHIPPED / "routing.toml").read_text(encoding="utf8"))
    save_rules(by=by, now=now, rules=rules["rule"], reason=_("随软件提供的派遣规则"))
