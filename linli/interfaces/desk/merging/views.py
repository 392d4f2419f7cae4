"""One matter reported twice is merged after a look at both; one report of several matters is split."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.engines.cases.permissions import check_verb, get_case_for
from linli.engines.cases.selectors import Filters
from linli.engines.cases.types import Report, Source
from linli.engines.cases.workflow import VERBS
from linli.engines.judgement.selectors import duplicates
from linli.engines.judgement.services import duplicates as duplicates_services
from linli.foundation.core import clock
from linli.foundation.core.coordinates import Point
from linli.foundation.core.errors import DomainError, ForbiddenError, InvalidError, NotFoundError
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import actor_of, id_of, local, once, problem, staff
from linli.interfaces.web.formats import day_time

if TYPE_CHECKING:
    from linli.engines.cases.models import Case
    from linli.foundation.core.actors import Actor

MAX_PARTS, FIRST_PARTS = 10, 2


def _case_page(case: Case) -> HttpResponse:
    return HttpResponseRedirect(f"/desk/cases/{case.number}/")


def _photos(actor: Actor, case: Case) -> list[dict[str, str]]:
    found = [f for f in cases.case_detail(actor, case, events=1).files if f.file.has_shown]
    return [
        {
            "url": reverse("desk:file", args=[f.file.uuid, "1600"]),
            "thumb": reverse("desk:file", args=[f.file.uuid, "320"]),
            "alt": f.get_purpose_display(),
        }
        for f in found
    ]


def _metres(one: Case, other: Case) -> int | None:
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    return round(Point(one.lat, one.lon).metres_to(Point(other.lat, other.lon)))


def _compare(actor: Actor, one: Case, other: Case) -> list[dict[str, Any]]:
    """Return the two cases line by line; lines that agree are marked."""
    now = clock.now()

    def line(term: str, a: Any, b: Any, *, same: bool | None = None) -> dict[str, Any]:
        return {
            "term": term,
            "one": a or "—",
            "other": b or "—",
            "same": (bool(a) and a == b) if same is None else same,
        }

    metres = _metres(one, other)
    rows = [
        line(_("事项"), one.title, other.title),
        line(_("情况"), one.text, other.text),
        line(_("分类"), one.category.name, other.category.name),
        line(
            _("地址"), one.address, other.address, same=bool(one.address_key) and one.address_key == other.address_key
        ),
        line(_("区域"), one.area_label.replace(" · ", "・"), other.area_label.replace(" · ", "・")),
        line(_("上报时间"), day_time(one.reported_at, now), day_time(other.reported_at, now), same=False),
        line(_("来源"), one.get_source_display(), other.get_source_display(), same=False),
        line(_("状态"), one.get_state_display(), other.get_state_display(), same=False),
        line(_("承办单位"), str(one.unit or ""), str(other.unit or "")),
        line(_("反映人数"), one.reporter_count, other.reporter_count, same=False),
    ]
    if metres is not None:
        words = _("相距 %(metres)s 米") % {"metres": metres}
        rows.insert(4, line(_("距离"), words, words, same=metres <= 50))
    return rows


def candidates(actor: Actor, case: Case, words: str) -> list[dict[str, Any]]:
    """Return what the words found, or the likeliest of the same matter with score and reasons."""
    now = clock.now()
    if words.strip():
        found = cases.case_list(actor, Filters(text=words, open=True, order="new"), now=now, size=10).rows
        return [{"case": c} for c in found if c.pk != case.pk]
    alike = duplicates.alike_case(actor, case, now=now)
    return [{"case": a.case, "percent": round(a.score * 100), "likely": a.likely, "reasons": a.reasons} for a in alike]


def case_of(request: HttpRequest) -> Case:
    """Return the case (``number``) that somebody may merge into another.

    Raises:
        NotFoundError: there is none for them. ForbiddenError: they may not merge it. ConflictError: nobody can now.
    """

    def read() -> Case:
        case = get_case_for(actor_of(request), request.GET.get("number", ""))
        check_verb(actor_of(request), case, VERBS["merge"])
        return case

    return once(request, "case", read)


def _main(actor: Actor, number: str) -> Case | None:
    try:
        return get_case_for(actor, number) if number else None
    except NotFoundError:
        return None


def _merge_page(request: HttpRequest, case: Case, data: QueryDict, error: DomainError | None = None) -> HttpResponse:
    actor = actor_of(request)
    main = _main(actor, data.get("main", "").strip())
    words = data.get("q", "")
    found = candidates(actor, case, words)
    context = {
        "case": case,
        "main": main,
        "candidates": found,
        "fixed": urlencode({"number": case.number}),
        "shown_main": main is not None and any(c["case"].pk == main.pk for c in found),
        "words": words,
        "nav_here": "cases",
        "typed": defaultdict(str, data.dict()),
        "problem": problem(error) if error else None,
        "phrases": cases.phrases("merge"),
        "lines": _compare(actor, case, main) if main else [],
        "version": data.get("version") or case.version,
        "photos": [_photos(actor, case), _photos(actor, main)] if main else [],
    }
    return render(request, "desk/merging/merge.html", context, status=error.status if error else 200)


@require_http_methods(["GET", "POST"])
@staff
def merge(request: HttpRequest, number: str) -> HttpResponse:
    """Compare a case with another (``main``); merge it into that one."""
    actor = actor_of(request)
    case = get_case_for(actor, number)
    if request.method == "GET":
        check_verb(actor, case, VERBS["merge"])
        return _merge_page(request, case, request.GET)
    try:
        main = _main(actor, request.POST.get("main", "").strip())
        if main is None:
            raise InvalidError(_("请选择要并入的主件。"), code="cases.merge", fields={"main": [_("请选择。")]})
        services.merge(
            by=actor,
            now=clock.now(),
            case=case,
            main=main,
            reason=request.POST.get("reason", ""),
            expected=id_of(request.POST.get("version", "")),
        )
    except DomainError as error:
        if isinstance(error, ForbiddenError):
            raise
        return _merge_page(request, case, request.POST, error)
    return _case_page(main)


@require_http_methods(["GET", "POST"])
@staff
def unmerge(request: HttpRequest, number: str) -> HttpResponse:
    """Take a merged case out again."""
    actor = actor_of(request)
    case, error = get_case_for(actor, number), None
    if request.method == "POST":
        try:
            services.unmerge(
                by=actor,
                now=clock.now(),
                case=case,
                reason=request.POST.get("reason", ""),
                expected=id_of(request.POST.get("version", "")),
            )
        except InvalidError as refused:
            error = refused
        else:
            return _case_page(case)
    else:
        check_verb(actor, case, VERBS["unmerge"])
    context = {"case": case, "typed": request.POST, "problem": problem(error) if error else None, "nav_here": "cases"}
    return render(request, "desk/merging/unmerge.html", context, status=error.status if error else 200)


@require_POST
@staff
def dismiss(request: HttpRequest, number: str) -> HttpResponse:
    """Note that another case (``other``) is not the same matter."""
    actor = actor_of(request)
    case = get_case_for(actor, number)
    other = get_case_for(actor, request.POST.get("other", "").strip())
    duplicates_services.dismiss(by=actor, now=clock.now(), case=case, other=other)
    messages.success(request, _("已记下：%(number)s 不是同一件。") % {"number": other.number})
    return HttpResponseRedirect(reverse("desk:merge", args=[case.number]))


_COLUMNS = ("text", "category", "address", "area", "unit")


def _rows(data: QueryDict) -> list[dict[str, str]]:
    """Return the parts as they were typed, one more than allowed at most, so that the service can say so."""
    columns = {name: data.getlist(f"part_{name}") for name in _COLUMNS}
    count = min(len(columns["text"]), MAX_PARTS + 1)
    return [{name: (values[i] if i < len(values) else "") for name, values in columns.items()} for i in range(count)]


def _parts(rows: list[dict[str, str]], case: Case) -> list[Report]:
    """Return the parts that were typed; the place is the whole's where nothing else was said."""
    point = Point(case.lat, case.lon) if case.lat is not None and case.lon is not None else None
    found = []
    for row in rows:
        area_id, address = id_of(row["area"]), row["address"].strip() or case.address
        here = area_id is None and address == case.address
        found.append(
            Report(
                text=row["text"],
                category=row["category"],
                address=address,
                point=point if here else None,
                coordinate_source=case.coordinate_source if here else "",
                area_id=None if here and point else area_id or case.area_id,
                source=Source(case.source),
            )
        )
    return found


def _split_rows(data: QueryDict, case: Case) -> list[dict[str, str]]:
    if "part_text" in data:
        return _rows(data)
    first = {"text": case.text, "category": case.category.code, "address": case.address, "area": "", "unit": ""}
    return [dict(first) for _i in range(FIRST_PARTS)]


def _split_choices(case: Case) -> dict[str, Any]:
    here = [a for a in directory.areas(local(clock.now()).date()) if a.kind == "neighbourhood"]
    units = [u for u in directory.units().values() if u.id != case.subject_unit_id]
    return {
        "categories": [{"value": n.spec.code, "label": n.title} for n in cases.fileable()],
        "areas": [
            {"value": "", "label": _("同原件")},
            *({"value": str(a.id), "label": a.name} for a in here),
        ],
        "units": [
            {"value": "", "label": _("拆分后再派遣")},
            *({"value": str(u.id), "label": u.name} for u in units),
        ],
    }


@require_http_methods(["GET", "POST"])
@staff
def split(request: HttpRequest, number: str) -> HttpResponse:
    """Split a report that holds several matters into one case each."""
    actor = actor_of(request)
    case, error = get_case_for(actor, number), None
    check_verb(actor, case, VERBS["split"])
    if request.method == "POST":
        rows = [r for r in _rows(request.POST) if r["text"].strip()]
        try:
            services.split(
                by=actor,
                now=clock.now(),
                case=case,
                parts=_parts(rows, case),
                unit_ids=[id_of(r["unit"]) for r in rows],
                reason=request.POST.get("reason", ""),
                expected=id_of(request.POST.get("version", "")),
            )
        except DomainError as refused:
            error = refused
        else:
            return _case_page(case)
    context = {
        "case": case,
        "rows": _split_rows(request.POST, case),
        "typed": request.POST,
        "problem": problem(error) if error else None,
        "nav_here": "cases",
        "phrases": cases.phrases("split"),
        "most": MAX_PARTS,
        "empty": {"text": "", "category": "other", "address": case.address, "area": "", "unit": ""},
        **_split_choices(case),
    }
    return render(request, "desk/merging/split.html", context, status=error.status if error else 200)
