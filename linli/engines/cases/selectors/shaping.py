"""The categories as those see them who shape them: the tree with counts, drafts, versions, what hangs on one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Case as When
from django.db.models import Count, F, IntegerField, Q, QuerySet, Value
from django.db.models import When as If
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from linli.engines.cases.models import Case, Category, CategoryDraft, CategoryVersion, RoutingRule
from linli.engines.cases.rules.routing import category_fits
from linli.engines.cases.selectors import catalogue
from linli.engines.cases.selectors.catalogue import CategoryNode
from linli.engines.cases.types import CategorySpec
from linli.engines.cases.workflow import Stage
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.deadlines.types import Duration
from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.rulebook.types import Rule

SIZE = 100
_KEYS: list[tuple[str, type]] = [("group_order", int), ("group_id", int), ("below", int), ("order", int), ("id", int)]


@dataclass(frozen=True, slots=True)
class Line:
    """One category in the tree, with how many of its cases are open."""

    row: Category
    open_cases: int
    drafted: bool


def _ordered() -> QuerySet[Category]:
    """Return the categories with what orders them as a tree: each group before what it holds."""
    return Category.objects.select_related("version", "parent").annotate(
        group_order=Coalesce(F("parent__order"), F("order")),
        group_id=Coalesce(F("parent_id"), F("id")),
        below=When(If(parent=None, then=Value(0)), default=Value(1), output_field=IntegerField()),
    )


def category_tree(
    *, words: str = "", state: str = "", group: str = "", cursor: str = "", size: int = SIZE
) -> Page[Line]:
    """Return a page of the tree, in three statements whatever its size.

    Args:
        words: in a name, a code, or residents' words (of categories in use).
        state: ``on``, ``off``, ``draft``; empty: all.
        group: code of a group, to see only what it holds.
    """
    rows = _ordered()
    if words := words.strip()[:40]:
        meant = [n.spec.code for n in catalogue.named_in(words, 50)]
        named = Q(name__icontains=words) | Q(resident_name__icontains=words) | Q(code__icontains=words)
        rows = rows.filter(named | Q(code__in=meant))
    if state in {"on", "off"}:
        rows = rows.filter(active=state == "on")
    if state == "draft":
        rows = rows.filter(code__in=CategoryDraft.objects.values("code"))
    if group:
        rows = rows.filter(Q(parent__code=group) | Q(code=group))
    page = keyset(rows, keys=_KEYS, cursor=cursor, size=size)
    ids, codes = [r.pk for r in page.rows], [r.code for r in page.rows]
    counted = Case.objects.filter(category_id__in=ids, is_open=True).values("category_id").annotate(n=Count("pk"))
    counts = dict(counted.values_list("category_id", "n")) if ids else {}
    drafts = set(CategoryDraft.objects.filter(code__in=codes).values_list("code", flat=True)) if ids else set()
    return Page(
        [Line(r, counts.get(r.pk, 0), r.code in drafts) for r in page.rows], page.next, page.previous, page.size
    )


def category_groups() -> list[Category]:
    """Return the groups (大类) that categories may stand under, in their order."""
    return list(Category.objects.filter(parent=None).order_by("order", "code")[:500])


def new_drafts() -> list[CategoryDraft]:
    """Return the drafts of categories that are not published yet, newest first."""
    standing = Category.objects.values("code")
    return list(CategoryDraft.objects.exclude(code__in=standing).order_by("-changed_at")[:50])


def category_row(code: str) -> Category:
    """Return the category of ``code``, in use or not.

    Raises:
        NotFoundError: there is none.
    """
    row = Category.objects.filter(code=code).select_related("version", "parent").first()
    if row is None:
        raise NotFoundError(_("没有这个分类。"), code="cases.category")
    return row


def draft_of(code: str) -> CategoryDraft | None:
    """Return the draft of ``code``, None where nobody is changing it."""
    return CategoryDraft.objects.filter(code=code).first()


@dataclass(frozen=True, slots=True)
class Shown:
    """A category as its page shows it: the draft where there is one, else what is in force.

    Attributes:
        row: None for a category not published yet.
        spec: what is shown; ``standing``: what is in force (empty for none).
        edition: of the draft, 0 without one.
    """

    code: str
    row: Category | None
    draft: CategoryDraft | None
    spec: dict[str, Any]
    standing: dict[str, Any]
    edition: int

    @property
    def is_group(self) -> bool:
        """Whether it gathers others."""
        if self.row is not None:
            return self.row.parent_id is None
        return self.draft is None or not self.draft.parent_code

    @property
    def name(self) -> str:
        """Return the staff's name."""
        return str(self.spec.get("name") or (self.row.name if self.row else self.code))

    @property
    def description(self) -> CategorySpec:
        """Return the spec that is shown."""
        return catalogue.to_spec({"code": self.code, "name": self.code, **self.spec})


def category_shown(code: str) -> Shown:
    """Return the category or draft of ``code``.

    Raises:
        NotFoundError: neither is there.
    """
    draft = draft_of(code)
    row = Category.objects.filter(code=code).select_related("version", "parent").first()
    if row is None and draft is None:
        raise NotFoundError(_("没有这个分类。"), code="cases.category")
    standing: dict[str, Any] = dict(row.version.spec) if row and row.version else {}
    return Shown(code, row, draft, dict(draft.spec) if draft else standing, standing, draft.edition if draft else 0)


def preview_node(code: str) -> CategoryNode:
    """Return the category of ``code`` as it would stand if its draft were published, for a preview."""
    found = category_shown(code)
    group = found.row.parent.code if found.row and found.row.parent else found.draft.parent_code if found.draft else ""
    above = Category.objects.filter(code=group).first() if group else None
    spec = replace(found.description, code=code)
    return CategoryNode(0, 0, spec, group, above.resident_name if above else spec.resident_name, leaf=True)


def category_versions(row: Category) -> list[CategoryVersion]:
    """Return what a category said, newest first."""
    return list(CategoryVersion.objects.filter(category=row).order_by("-number")[:200])


def cases_by_version(row: Category) -> dict[int, tuple[int, int]]:
    """Return version id → (cases taken in under it, of them open)."""
    counted = Case.objects.filter(category_version__category=row).values_list("category_version_id")
    found = counted.annotate(n=Count("pk"), still=Count("pk", filter=Q(is_open=True)))
    return {version: (n, still) for version, n, still in found}


@dataclass(frozen=True, slots=True)
class Hanging:
    """What hangs on a category: a few open cases by name and how many there are, routing rules, categories under it."""

    open_cases: int
    examples: list[Case]
    rules: list[RoutingRule]
    children: list[Category]


def _rules_naming(code: str) -> list[RoutingRule]:
    return [
        r
        for r in RoutingRule.objects.filter(active=True).order_by("order", "id")
        if (named := tuple((r.conditions or {}).get("categories") or ())) and category_fits(named, code)
    ]


def hanging_on(row: Category) -> Hanging:
    """Return what hangs on a category in use; rules count that name it, not those for any."""
    open_ones = Case.objects.filter(category=row, is_open=True)
    return Hanging(
        open_ones.count(),
        list(open_ones.only("number", "title", "state").order_by("-reported_at")[:5]),
        _rules_naming(row.code),
        list(Category.objects.filter(parent=row, active=True).order_by("order", "code")),
    )


def question_codes(code: str) -> set[str]:
    """Return the codes of every question that ``code`` ever asked, in all versions and the draft."""
    specs: list[Any] = list(CategoryVersion.objects.filter(category__code=code).values_list("spec", flat=True))
    draft = draft_of(code)
    specs += [draft.spec] if draft else []
    return {str(q.get("code")) for spec in specs for q in ((spec.get("questions") or {}).get("questions") or ())}


def limits_of(spec: CategorySpec, on: date) -> list[tuple[str, Rule, Duration]]:
    """Return (stage, rule, limit) of each clock that a case of this category would start on ``on``.

    A case's own facts (its source, a level raised, urgency set by hand) may lead to another rule.
    """
    found = []
    for stage in Stage:
        codes = [f"cases.clock.{stage}.category.{spec.code}"]
        codes += [f"cases.clock.{stage}.urgent"] if spec.urgent else []
        for code in (*codes, f"cases.clock.{stage}.{spec.level}", f"cases.clock.{stage}"):
            rule = rulebook.find_rule(code, on=on)
            if rule is not None and isinstance(rule.value, Mapping):
                found.append((str(stage.label), rule, Duration.of(rule.value)))
                break
    return found


def rules_asking_removed(code: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[RoutingRule]:
    """Return the routing rules for ``code`` that go by the answer to a question which ``after`` no longer asks."""
    gone = {c for c in _codes(before) if c not in _codes(after)}
    return [r for r in _rules_naming(code) if gone & set((r.conditions or {}).get("answers") or {})] if gone else []


def _codes(spec: Mapping[str, Any]) -> set[str]:
    return {str(q.get("code")) for q in ((spec.get("questions") or {}).get("questions") or ())}
