"""Writing categories and routing rules."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.engines.cases.models import Category, CategoryVersion, RoutingRule
from linli.engines.cases.selectors.catalogue import forget, to_spec
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import InvalidError
from linli.foundation.journal import services as journal

SHIPPED = Path(__file__).resolve().parent.parent / "shipped"


@transaction.atomic
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
    forget()
    return category


@transaction.atomic
def save_rules(*, by: Actor, now: datetime, rules: Sequence[Mapping[str, Any]]) -> None:
    """Replace the routing rules by ``rules``, in their order."""
    before = [
        {"name": r.name, "conditions": r.conditions, "action": r.action}
        for r in RoutingRule.objects.order_by("order", "id")
    ]
    RoutingRule.objects.all().delete()
    RoutingRule.objects.bulk_create(
        RoutingRule(
            order=i,
            name=r["name"],
            conditions=r.get("conditions", {}),
            action=r.get("action", {}),
            note=r.get("note", ""),
        )
        for i, r in enumerate(rules)
    )
    journal.record(
        by=by,
        verb="cases.save_rules",
        kind="routing",
        uuid=None,
        label="routing",
        before={"rules": before},
        after={"rules": [dict(r) for r in rules]},
        now=now,
    )
    forget()


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
    save_rules(by=by, now=now, rules=rules["rule"])
