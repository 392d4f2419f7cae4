"""How the pages of the streets are drawn: one list, one page of a thing, one form, one way to pick from a ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.core import clock
from linli.foundation.core.paging import Page
from linli.interfaces.desk.acting import Act, ActForm, Acts
from linli.interfaces.desk.doors import actor_of, today
from linli.programmes.streets import selectors
from linli.programmes.streets.workflow import VERBS

if TYPE_CHECKING:
    from linli.programmes.streets.models import Step

NAV = "programmes"
TABS: tuple[tuple[str, Any], ...] = (
    ("streets", gettext_lazy("今日街面")),
    ("streets_matters", gettext_lazy("商户")),
    ("streets_duties", gettext_lazy("门责")),
    ("streets_spots", gettext_lazy("盲区死角")),
    ("streets_lanes", gettext_lazy("一弄一案")),
    ("streets_members", gettext_lazy("商铺联盟")),
    ("streets_boards", gettext_lazy("店招店牌")),
    ("streets_friends", gettext_lazy("友好商户")),
    ("streets_logs", gettext_lazy("作业")),
    ("streets_contacts", gettext_lazy("城管进社区")),
)
MORE_VERBS: dict[str, Any] = {
    "make_duty": gettext_lazy("登记门责"),
    "change_duty": gettext_lazy("修改门责"),
    "serve_duty": gettext_lazy("送达告知书"),
    "end_duty": gettext_lazy("终止门责"),
    "spot_case": gettext_lazy("立案"),
    "lane_problem": gettext_lazy("添加问题"),
    "solve_problem": gettext_lazy("问题已解决"),
    "lane_task": gettext_lazy("布置任务"),
    "lane_task_ended": gettext_lazy("任务结果"),
    "lane_photo": gettext_lazy("现场照片"),
    "join_alliance": gettext_lazy("加入联盟"),
    "leave_alliance": gettext_lazy("退出联盟"),
    "peer_check": gettext_lazy("同行互查"),
    "mend_peer": gettext_lazy("互查问题已改"),
    "check_board": gettext_lazy("安全检查"),
    "rectify_board": gettext_lazy("整改完成"),
    "make_friend": gettext_lazy("授牌"),
    "review_friend": gettext_lazy("年度复核"),
    "end_friend": gettext_lazy("摘牌"),
    "publish_friend": gettext_lazy("公开设置"),
    "log_work": gettext_lazy("登记作业"),
    "check_quality": gettext_lazy("质量检查"),
    "reply_quality": gettext_lazy("作业单位说明"),
    "annul_quality": gettext_lazy("撤销扣分"),
    "make_contact": gettext_lazy("安排联络"),
    "end_contact": gettext_lazy("结束联络"),
    "visit_contact": gettext_lazy("走访记录"),
}


def files_of(data: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the stored files that a form's photo fields brought."""
    return tuple(data[name] for name in ("photo_id", "photo2_id") if data.get(name))


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a list: words, where they lead, a tone where they say how it stands, a line below."""

    text: Any
    url: str = ""
    tone: str = ""
    small: Any = ""
    num: bool = False
    late: bool = False
    tag: Any = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a list: what it is of, and its cells."""

    row: Any
    cells: list[Cell]


def lines(page: Page[Any], cells: Callable[[Any], list[Cell]]) -> Page[Line]:
    """Return a page with the cells of each of its rows."""
    return replace(page, rows=[Line(row, cells(row)) for row in page.rows])


def room_tabs(here: str) -> list[dict[str, Any]]:
    """Return the tabs of the room."""
    return [
        {"label": label, "url": reverse(f"desk:{name}"), "current": name == here, "count": None} for name, label in TABS
    ]


@dataclass(slots=True)
class Listing:
    """A list as the template draws it.

    Attributes:
        rows: one sequence of cells a row, as many as ``columns``.
        code: as which list it is taken out; empty where it is not. ``fixed`` is what its address has in its path.
        filters: selects beside the search: (name, label, options).
        subtabs: what narrows it: (label, value of ``by``, count).
        buttons: (address, icon, words, whether it is the first).
        query: names of what is asked, to be kept on the next page.
    """

    here: str
    title: Any
    columns: Sequence[Any]
    rows: Sequence[Sequence[Cell]]
    page: Page[Any] | None = None
    filters: Sequence[tuple[str, Any, Any]] = ()
    subtabs: Sequence[tuple[Any, str, int | None]] = ()
    by: str = "state"
    buttons: Sequence[tuple[str, str, Any, bool]] = ()
    query: Sequence[str] = ("q",)
    search: Any = ""
    empty: tuple[Any, Any] = ("", "")
    note: Any = ""
    stats: Sequence[tuple[Any, Any, str]] = ()
    code: str = ""
    fixed: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


def listing(request: HttpRequest, drawn: Listing) -> HttpResponse:
    """Show a list."""
    asked = {k: v for k in (*drawn.query, drawn.by) if (v := request.GET.get(k, ""))}
    now = asked.get(drawn.by, "")
    keep = {k: v for k, v in asked.items() if k != drawn.by}
    subtabs = [
        {"label": label, "url": f"?{urlencode({**keep, drawn.by: value} if value else keep)}", "current": value == now,
         "count": count}
        for label, value, count in drawn.subtabs
    ]  # fmt: skip
    context = {
        "d": drawn,
        "tabs": room_tabs(drawn.here),
        "subtabs": subtabs,
        "rows": [list(zip(drawn.columns, row, strict=True)) for row in drawn.rows],
        "filters": [
            {
                "name": n,
                "label": label,
                "options": o,
                "value": asked.get(n) or (f"{today():%Y-%m}" if o == "month" else ""),
            }
            for n, label, o in drawn.filters
        ],
        "text": asked.get("q", ""),
        "now_by": now,
        "base": f"?{urlencode(asked)}&" if asked else "?",
        "narrowed": bool(asked),
        "nav_here": NAV,
        **drawn.extra,
    }
    return render(request, "desk/streets/list.html", context)


@dataclass(frozen=True, slots=True)
class Section:
    """A table on the page of one thing."""

    title: Any
    columns: Sequence[Any]
    rows: Sequence[Sequence[Cell]]
    empty: Any = ""

    @property
    def drawn(self) -> list[list[tuple[Any, Cell]]]:
        """The rows with the head of each cell."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(slots=True)
class One:
    """The page of one thing: what it is, what can be done, what hangs on it, what happened."""

    here: str
    back: tuple[str, Any]
    title: Any
    subject: UUID
    status: tuple[str, Any] | None = None
    facts: Sequence[tuple[Any, Any, str]] = ()
    acts: Sequence[Act] = ()
    sections: Sequence[Section] = ()
    buttons: Sequence[tuple[str, str, Any, bool]] = ()
    notice: tuple[str, Any] | None = None
    steps: Any = None


def single(request: HttpRequest, row: Any, drawn: One, url: str) -> HttpResponse:
    """Show one thing; a POST does the act that was sent."""
    acts = Acts(request, row, drawn.acts, purpose="streets")
    if request.method == "POST" and (done := acts.post(url)) is not None:
        return done
    context = {
        "d": drawn,
        "facts": [f for f in drawn.facts if f[1] not in ("", None)],
        "tabs": room_tabs(drawn.here),
        "acts": acts.shown,
        "problem": acts.problem,
        "entries": timeline(selectors.steps_of(drawn.subject)),
        "now": clock.now(),
        "nav_here": NAV,
    }
    return render(request, "desk/streets/one.html", context, status=acts.status)


def timeline(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Return steps as the timeline draws them, the newest first."""
    found = []
    for step in steps:
        verb = VERBS.get(step.verb)
        who = step.by_label
        if step.second_label:
            who = _("%(one)s、%(two)s") % {"one": who, "two": step.second_label}
        found.append(
            {
                "title": verb.label if verb else MORE_VERBS.get(step.verb, step.verb),
                "at": step.at,
                "who": who,
                "text": step.text,
                "photos": photos(step),
            }
        )
    return found


def photos(step: Step) -> list[dict[str, str]]:
    """Return the pictures of a step."""
    words = {"before": _("整改前"), "after": _("整改后"), "paper": _("告知书")}
    return [
        {
            "url": reverse("desk:streets_file", args=[e.file.uuid, "1600"]),
            "thumb": reverse("desk:streets_file", args=[e.file.uuid, "320"]),
            "alt": words.get(e.role, _("现场照片")),
            "caption": words.get(e.role, ""),
        }
        for e in step.files.all()
    ]


def create(
    request: HttpRequest, form: type[ActForm], run: Callable[..., Any], *, here: str, title: Any, to: str, back: str,
    row: Any = None, hint: Any = "", initial: Mapping[str, Any] | None = None, facts: Sequence[Any] = (),
) -> HttpResponse:  # fmt: skip
    """Show a form that enters something; once it is in lead to its page (``to``, by uuid)."""
    act = Act("new", title, "check", form, run, lambda _by, _row: True)
    acts = _Creating(request, row, [act])
    status, made = 200, form(by=actor_of(request), row=row, initial=dict(initial or {}))
    if request.method == "POST":
        done = acts.post("")
        if done is not None:
            return HttpResponseRedirect(reverse(to, args=[acts.made.uuid]))
        status, made = acts.status, acts.sent or made
    context = {
        "tabs": room_tabs(here), "title": title, "form": made, "back": back, "hint": hint, "facts": facts,
        "multipart": made.is_multipart(), "nav_here": NAV,
    }  # fmt: skip
    return render(request, "desk/streets/form.html", context, status=status)


class _Creating(Acts):
    """An act that makes something, and remembers what."""

    made: Any = None

    def __init__(self, request: HttpRequest, row: Any, table: Sequence[Act]) -> None:
        """Wrap the act so that what it made is kept."""
        act = table[0]

        def run(by: Any, now: Any, subject: Any, data: Any, seen: Any) -> None:
            self.made = act.run(by, now, subject, data, seen)

        super().__init__(request, row, [Act(act.code, act.label, act.icon, act.form, run, act.when)], purpose="streets")

    @property
    def sent(self) -> ActForm | None:
        """The form that was sent and not taken."""
        return self._sent[1] if self._sent else None


def say(request: HttpRequest, words: Any) -> None:
    """Tell on the next page that something is done."""
    messages.success(request, words)
