"""Rows of a sheet become reports, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from linli.engines.cases.models import Case
from linli.engines.cases.rules.wording import OPENING, category_of, place_in
from linli.engines.cases.selectors import catalogue
from linli.engines.cases.services.importing.city import RATING_WORDS, SOLVED_WORDS, UNRATED, take_rating
from linli.engines.cases.services.importing.layouts import FIELDS, Layout
from linli.engines.cases.services.intake import check_report, report
from linli.engines.cases.types import Contact, FeedbackWay, Report, Source
from linli.engines.cases.workflow import State
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import DomainError, InvalidError
from linli.foundation.core.text import clean, find_personal, mask_personal, to_halfwidth
from linli.foundation.journal import services as journal
from linli.foundation.places import selectors as places
from linli.foundation.places.types import Audience
from linli.foundation.sheets.types import SheetRow

BATCH = 200
_TELL_EVERY = 20
_SPACE = UUID("6c696e6c-6900-5000-8000-696d706f7274")
_FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y-%m-%dT%H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日",
)
_DUE_AT = time(23, 59)
_YES = frozenset({"是", "y", "yes", "1", "true", "√", "保密", "要求保密", "签派"})
_NO = frozenset({"", "否", "n", "no", "0", "false", "不保密", "公开", "-", "—", "/"})
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken: its line and cells, and field → reason."""

    line: int
    cells: tuple[str, ...]
    reasons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """A work order that is in already and now reads differently; nothing was changed, a person decides."""

    line: int
    number: str
    case_number: str
    what: str
    before: str
    after: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An order that the city calls a repetition of another one that is here: a person merges them."""

    line: int
    number: str
    of_number: str
    case_number: str


@dataclass
class Result:
    """What an import did (or, as a dry run, would do)."""

    taken: int = 0
    seen: int = 0
    placed: int = 0
    categories: dict[str, int] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)
    rated: int = 0
    early: int = 0  # the city's result of an order that is not closed here yet
    last_line: int = 0
    dry_run: bool = False

    @property
    def read(self) -> int:
        """How many rows were looked at."""
        return self.taken + self.seen + len(self.refused)


@dataclass(frozen=True, slots=True)
class _Item:
    row: SheetRow
    values: dict[str, str]
    uuid: UUID


@dataclass(frozen=True, slots=True)
class _Known:
    """What is looked up once for all rows: the words of each category, and the day on which places are read."""

    words: Mapping[str, Sequence[str]]
    today: date
    to_other: bool  # what has an unknown category is taken as “other”


def _look_up(now: datetime, *, to_other: bool) -> _Known:
    words = {n.spec.code: (n.spec.name, n.spec.resident_name, *n.spec.words) for n in catalogue.categories() if n.leaf}
    return _Known(words, now.astimezone(ZoneInfo(settings.TIME_ZONE)).date(), to_other)


def import_rows(
    *,
    by: Actor,
    now: datetime,
    layout: Layout,
    rows: Iterable[SheetRow],
    mapping: Mapping[str, int],
    unknown_to_other: bool = False,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
    values: Mapping[str, Mapping[str, str]] | None = None,
) -> Result:
    """Report every row that is not in yet; clocks run from ``now``, the row's own time is kept in the first event.

    Args:
        mapping: field → column from 0, as :func:`guess` returns it.
        unknown_to_other: take rows whose category is not known as “other” instead of refusing them.
        dry_run: check everything, write nothing.
        values: field → what stands in the sheet → what it is called here.

    Raises:
        InvalidError: a column that the layout needs is not mapped.
    """
    missing = [str(FIELDS[f]) for f in layout.required if f not in mapping]
    if missing:
        raise InvalidError(
            _("请指出这些列：%(names)s") % {"names": "、".join(missing)},
            code="cases.import.mapping",
            fields={f: [_("请选择对应的列。")] for f in layout.required if f not in mapping},
        )
    result = Result(dry_run=dry_run)
    lookup = _look_up(now, to_other=unknown_to_other)
    for batch in _batches(rows):
        items = [_item(row, layout, mapping, values or {}) for row in batch]
        known = _known(items, layout)
        for item in items:
            _one(item, by=by, now=now, layout=layout, known=known, lookup=lookup, result=result)
            result.last_line = item.row.line
            if progress and result.read % _TELL_EVERY == 0:
                progress(result.read)
    if progress:
        progress(result.read)
    if not dry_run and result.taken:
        journal.record(
            by=by,
            verb="cases.import",
            kind="import",
            uuid=None,
            label=layout.title,
            now=now,
            after={"taken": result.taken, "seen": result.seen, "refused": len(result.refused)},
        )
    return result


def _batches(rows: Iterable[SheetRow]) -> Iterator[list[SheetRow]]:
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        yield batch


def _item(row: SheetRow, layout: Layout, mapping: Mapping[str, int], said: Mapping[str, Mapping[str, str]]) -> _Item:
    values = {f: clean(row.cells[i]) if i < len(row.cells) else "" for f, i in mapping.items()}
    values = {f: said[f].get(v, v) if f in said else v for f, v in values.items()}
    key = values.get("key") or f"{values.get('time', '')}|{values.get('title', '')}|{values.get('text', '')}"
    return _Item(row, values, uuid5(_SPACE, f"{layout.code}:{key}"))


def _known(items: Sequence[_Item], layout: Layout) -> dict[Any, Case | None]:
    """Return the cases of these rows that are in already, by uuid or work order: one statement a batch."""
    fields = ("pk", "uuid", "number", "text", "address", "external_number", "external_due", "source")
    if layout.source is Source.HOTLINE:
        numbers = [i.values.get(f, "") for i in items for f in ("key", "duplicate_of")]
        return {c.external_number: c for c in Case.objects.filter(external_number__in=numbers).only(*fields)}
    return {c.uuid: c for c in Case.objects.filter(uuid__in=[i.uuid for i in items]).only(*fields)}


def _one(
    item: _Item,
    *,
    by: Actor,
    now: datetime,
    layout: Layout,
    known: dict[Any, Case | None],
    lookup: _Known,
    result: Result,
) -> None:
    hotline = layout.source is Source.HOTLINE
    key = item.values.get("key", "") if hotline else item.uuid
    if key in known and not hotline:
        result.seen += 1
        return
    try:
        made = _report_of(item, layout, lookup)
        if hotline:
            _note_duplicate(item, known, result)
        if key in known:
            result.seen += 1
            if (case := known[key]) is not None:
                result.changed.extend(_changes(item, made, case))
                _take_city(item, case, by=by, now=now, result=result)
            return
        if result.dry_run:
            check_report(made)
        else:
            report(by=by, now=now, report=made)
    except DomainError as error:
        result.refused.append(Refused(item.row.line, item.row.cells, _reasons(error)))
        return
    known[key] = None  # twice in one sheet: taken once
    result.taken += 1
    result.early += hotline and bool(_city(item)[0] or _city(item)[1])
    result.placed += bool(made.address or made.area_id)
    result.categories[made.category] = result.categories.get(made.category, 0) + 1


def _note_duplicate(item: _Item, known: Mapping[Any, Case | None], result: Result) -> None:
    original = known.get(item.values.get("duplicate_of") or None)
    number = item.values.get("key", "")
    if original is not None and original.external_number and original.external_number != number:
        result.duplicates.append(Duplicate(item.row.line, number, original.external_number, original.number))


def _city(item: _Item) -> tuple[str, str]:
    """Return (rating, solved) as the city's call-back brought them, empty for what was not said.

    Raises:
        InvalidError: a word that is not known.
    """
    errors: dict[str, list[str]] = {}
    found = []
    for name, words in (("rating", RATING_WORDS), ("solved", SOLVED_WORDS)):
        raw = item.values.get(name, "")
        code = "" if raw in UNRATED else raw if raw in words.values() else words.get(raw)
        if code is None:
            errors[name] = [_("不认识“%(value)s”。") % {"value": raw[:20]}]
        found.append(code or "")
    if errors:
        raise InvalidError(_("这一行有内容需要修改。"), code="cases.import.row", fields=errors)
    return found[0], found[1]


def _take_city(item: _Item, case: Case, *, by: Actor, now: datetime, result: Result) -> None:
    """Enter what the city's call-back brought; one that came too early waits for the next sheet."""
    rating, solved = _city(item)
    if not rating and not solved:
        return
    errors: dict[str, list[str]] = {}
    at = _moment(item.values, "rated_at", errors)
    if errors:
        raise InvalidError(_("这一行有内容需要修改。"), code="cases.import.row", fields=errors)
    if Case.objects.filter(pk=case.pk).exclude(state=State.CLOSED).exists():
        result.early += 1
        return
    if result.dry_run:
        result.rated += 1
        return
    words = item.values.get("rating_words", "")
    result.rated += take_rating(by=by, now=now, case=case, rating=rating, solved=solved, words=words, at=at)


def _truth(values: Mapping[str, str], name: str, errors: dict[str, list[str]]) -> bool:
    raw = to_halfwidth(values.get(name, "")).strip().lower()
    if raw not in _YES | _NO:
        errors[name] = [_("填“是”或“否”。")]
    return raw in _YES


def _reasons(error: DomainError) -> dict[str, str]:
    return {f: " ".join(words) for f, words in error.fields.items()} or {"": str(error)}


def _report_of(item: _Item, layout: Layout, lookup: _Known) -> Report:
    values, hotline = item.values, layout.source is Source.HOTLINE
    title, text = values.get("title", ""), values.get("text", "") or values.get("title", "")
    errors: dict[str, list[str]] = {}
    if hotline and not values.get("key"):
        errors["key"] = [_("缺少工单编号。")]
    occurred = _moment(values, "time", errors)
    due = _moment(values, "due", errors)
    confidential, assigned = (_truth(values, name, errors) for name in ("confidential", "assigned"))
    category = _category(values.get("category", ""), title, text, lookup, errors)
    if errors:
        raise InvalidError(_("这一行有内容需要修改。"), code="cases.import.row", fields=errors)
    address, area = _place(values, title, text, lookup.today)
    phone = values.get("phone", "")
    origin: dict[str, Any] = {
        "key": mask_personal(values.get("key", "")),
        "occurred_at": occurred.isoformat() if occurred else "",
    }
    origin |= {f: values[f] for f in ("likes", "dislikes", "duplicate_of") if values.get(f)}
    origin |= {"assigned": True} if assigned else {}
    return Report(
        text=text,
        title=_unpersonal(title),
        category=category,
        address=address,
        area_id=area,
        source=layout.source,
        contact=Contact(name=values.get("name", ""), phone=phone, way=FeedbackWay.PHONE if phone else FeedbackWay.NONE),
        confidential=confidential,
        external_number=values["key"] if hotline else None,
        external_due=due if hotline else None,
        uuid=item.uuid,
        origin=origin,
    )


def _place(values: Mapping[str, str], title: str, text: str, today: date) -> tuple[str, int | None]:
    """Return the address of a row, its own or as its words name it, and the area where that is certain.

    What may mean two places gets none: it waits for a person, as what names no place does.
    """
    given = values.get("address", "")
    found = places.read_report(address=given, title=title, text=text[:OPENING], on=today, audience=Audience.LEDGERS)
    address = given or place_in(title, text)
    if found.certain is None:
        return address, None
    where = found.certain.place
    return address or where.address or where.name, where.area_id


def _unpersonal(title: str) -> str:
    return mask_personal(title) if find_personal(title) else title


def _moment(values: Mapping[str, str], name: str, errors: dict[str, list[str]]) -> datetime | None:
    raw = to_halfwidth(values.get(name, "")).replace("/", "-").strip()
    if not raw:
        return None
    for form in _FORMATS:
        try:
            found = datetime.strptime(raw, form)  # noqa: DTZ007  the sheet's times are local
        except ValueError:
            continue
        if name == "due" and "%H" not in form:
            found = datetime.combine(found.date(), _DUE_AT)
        return found.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
    errors[name] = [_("“%(value)s”不是日期时间，应如 2026-03-10 17:00。") % {"value": raw[:40]}]
    return None


def moment(text: str) -> datetime | None:
    """Return the moment that a cell names, a date being its end; None where it names none."""
    return _moment({"due": text}, "due", {})


def _category(raw: str, title: str, text: str, lookup: _Known, errors: dict[str, list[str]]) -> str:
    if raw:
        for node in catalogue.categories():
            if node.leaf and raw in {node.spec.code, node.spec.name, node.spec.resident_name}:
                return node.spec.code
        if not lookup.to_other:
            errors["category"] = [_("没有“%(name)s”这个分类。") % {"name": raw[:40]}]
        return catalogue.OTHER
    return category_of(title, text, lookup.words) or catalogue.OTHER


def _changes(item: _Item, made: Report, case: Case) -> Iterator[Change]:
    """Return what a work order now says differently from its case."""
    pairs = [
        ("address", _("地址"), case.address, clean(made.address)[:200]),
        ("text", _("内容"), case.text, mask_personal(clean(made.text))),
    ]
    if made.external_due is not None:
        zone = ZoneInfo(settings.TIME_ZONE)
        before = f"{case.external_due.astimezone(zone):%Y-%m-%d %H:%M}" if case.external_due else "—"
        pairs.append(("due", _("办理时限"), before, f"{made.external_due:%Y-%m-%d %H:%M}"))
    for name, what, before, after in pairs:
        if before != after and after:
            number = made.external_number or ""
            yield Change(item.row.line, number, case.number, what, before[:_LONGEST], after[:_LONGEST], name)
