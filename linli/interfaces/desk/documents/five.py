"""五篇原文: the texts Linli was asked for with, and beside each phrase the page that does what it says."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.text import to_halfwidth, to_simplified
from linli.interfaces.desk.documents.text import Piece
from linli.interfaces.desk.doors import actor_of, staff
from linli.programmes.documents import rules
from linli.programmes.documents.permissions import check_read
from linli.programmes.documents.types import BlockKind

_DATA = ("linli.interfaces.cli", "demo/data")
PAGES = {
    "console:areas": gettext_lazy("区域"),
    "console:bodies": gettext_lazy("领导小组"),
    "console:charging": gettext_lazy("充电设施"),
    "console:grids": gettext_lazy("综合网格"),
    "console:posters": gettext_lazy("二维码海报"),
    "desk:alliance": gettext_lazy("党建联盟"),
    "desk:asked": gettext_lazy("居民区减负"),
    "desk:civility_ads": gettext_lazy("公益广告"),
    "desk:civility_campaigns": gettext_lazy("专项行动"),
    "desk:civility_library": gettext_lazy("指标库"),
    "desk:civility_log": gettext_lazy("督导记录"),
    "desk:civility_self_check": gettext_lazy("自查"),
    "desk:civility_supervision": gettext_lazy("督查"),
    "desk:civility_todos": gettext_lazy("加减乘法清单"),
    "desk:civility_volunteers": gettext_lazy("志愿者"),
    "desk:civility_week": gettext_lazy("周周有行动"),
    "desk:companies": gettext_lazy("单车企业"),
    "desk:consultations": gettext_lazy("会商"),
    "desk:deputies": gettext_lazy("代表履职"),
    "desk:documents": gettext_lazy("文件"),
    "desk:flood_ledgers": gettext_lazy("防汛台账"),
    "desk:guidance": gettext_lazy("吹哨"),
    "desk:housing": gettext_lazy("群租整治"),
    "desk:housing_safety": gettext_lazy("房屋安全"),
    "desk:housing_sweeps": gettext_lazy("逐户排查"),
    "desk:ledgers": gettext_lazy("台账"),
    "desk:list": gettext_lazy("案件"),
    "desk:meetings": gettext_lazy("会议"),
    "desk:owners": gettext_lazy("业委会规范化运行评估"),
    "desk:praise": gettext_lazy("表扬登记"),
    "desk:project_blockers": gettext_lazy("堵点"),
    "desk:project_lists": gettext_lazy("项目清单"),
    "desk:projects": gettext_lazy("项目"),
    "desk:publishing": gettext_lazy("发布"),
    "desk:standing": gettext_lazy("常设议题"),
    "desk:stations": gettext_lazy("联勤联动站"),
    "desk:streets": gettext_lazy("街面管理"),
    "desk:streets_duties": gettext_lazy("门责"),
    "desk:streets_lanes": gettext_lazy("一弄一案"),
    "desk:streets_logs": gettext_lazy("作业记录"),
    "desk:streets_members": gettext_lazy("商铺联盟"),
    "desk:streets_spots": gettext_lazy("盲区死角"),
    "desk:surveys": gettext_lazy("问卷"),
    "desk:task_strands": gettext_lazy("三化共治"),
    "desk:tasks": gettext_lazy("任务"),
    "desk:topics": gettext_lazy("议题"),
    "desk:visits": gettext_lazy("四百走访"),
    "desk:visits_branches": gettext_lazy("党支部"),
    "desk:visits_companies": gettext_lazy("企业走访"),
    "desk:visits_condolences": gettext_lazy("慰问走访"),
    "desk:visits_coverage": gettext_lazy("走访覆盖"),
    "desk:visits_demands": gettext_lazy("需求登记册"),
    "desk:visits_given": gettext_lazy("送出记录"),
    "desk:visits_sectors": gettext_lazy("新兴领域"),
    "desk:visits_stations": gettext_lazy("服务站和体验官"),
    "desk:visits_wording": gettext_lazy("走访用语"),
    "desk:walk_in": gettext_lazy("社区工作室"),
    "portal:contacts": gettext_lazy("联系方式"),
    "portal:maps": gettext_lazy("专题地图"),
    "portal:nearby": gettext_lazy("身边的服务"),
    "portal:takedown": gettext_lazy("删除申请"),
}
NUMBERS = range(5)
_SOUND = re.compile(r"[(（][^\u3400-\u9fff()（）]+[)）]")  # pinyin behind a character, which cleaning takes out
_KEPT = re.compile(r"[\u3400-\u9fff0-9A-Za-z+]")


@dataclass(frozen=True, slots=True)
class Row:
    """A phrase of a text and the page that does what it says; ``page`` is a name of an address, or empty."""

    id: str
    text: int
    phrases: tuple[str, ...]
    area: str
    page: str


@lru_cache(maxsize=1)
def rows() -> tuple[Row, ...]:
    """Return every phrase that names a mechanism, in the order of the texts."""
    table = tomllib.loads((files(_DATA[0]) / _DATA[1] / "mechanisms.toml").read_text(encoding="utf8"))["rows"]
    return tuple(Row(r["id"], r["text"], tuple(r["phrases"]), r["area"], r["page"]) for r in table)


@lru_cache(maxsize=5)
def _reading(number: int) -> Any:
    """Return a text read, its persons' names already taken out."""
    folder = files(_DATA[0]) / _DATA[1] / "texts"
    text = folder / f"{number:03d}.txt"
    if not text.is_file():
        raise NotFoundError(_("这里没有安装演示用的原文。"), code="desk.five")
    return rules.read(text.read_text(encoding="utf8"))


def folded(text: str) -> tuple[str, list[int]]:
    """Return ``text`` without marks and spaces, simplified, and where each character stood."""
    places = [i for i, c in enumerate(text) if _KEPT.match(c)]
    return to_simplified(to_halfwidth("".join(text[i] for i in places))), places


def _marks(clean: str, own: list[Row]) -> list[tuple[int, int, str]]:
    plain, places = folded(clean)
    found = []
    for row in own:
        for phrase in row.phrases:
            wanted = folded(_SOUND.sub("", phrase))[0]
            at = plain.find(wanted) if wanted else -1
            if at >= 0:
                found.append((places[at], places[at + len(wanted) - 1] + 1, row.id))
    return found


def _pieces(words: str, at: int, marks: list[tuple[int, int, str]], begun: set[str]) -> list[Piece]:
    inside = [m for m in marks if m[0] < at + len(words) and m[1] > at]
    edges = sorted({0, len(words), *(min(max(0, e - at), len(words)) for m in inside for e in m[:2])})
    pieces = []
    for start, end in pairwise(edges):
        over = [m[2] for m in inside if m[0] - at <= start and m[1] - at >= end]
        fresh = next((i for i in over if i not in begun), "")
        begun |= {fresh} - {""}
        pieces.append(Piece(words[start:end], " ".join(over), "requirement" if over else "", fresh))
    return pieces


def _live(row: Row) -> dict[str, Any]:
    try:
        url = reverse(row.page) if row.page in PAGES else ""
    except NoReverseMatch:  # a room that is not there yet
        url = ""
    return {"row": row, "url": url, "title": PAGES.get(row.page, "") if url else ""}


@require_GET
@staff
def five(request: HttpRequest) -> HttpResponse:
    """Go to the first text."""
    check_read(actor_of(request))
    return HttpResponseRedirect(reverse("desk:document_five_one", args=[1]))


@require_GET
@staff
def one(request: HttpRequest, number: int) -> HttpResponse:
    """Show one of the texts, ``number`` 1 to 5, with its phrases marked and what does them beside."""
    check_read(actor_of(request))
    if number - 1 not in NUMBERS:
        raise NotFoundError(_("只有五篇原文。"), code="desk.five")
    reading, own = _reading(number - 1), [r for r in rows() if r.text == number - 1]
    marks, begun = _marks(reading.cleaned.text, own), set[str]()
    order = [b for a in reading.articles for b in a.blocks]
    order += [n for n in range(len(reading.blocks)) if n not in set(order)]
    blocks = []
    for n in order:
        block = reading.blocks[n]
        pieces = _pieces(block.text, block.at, marks, begun)
        blocks.append({"kind": block.kind, "head": block.kind == BlockKind.HEADLINE, "pieces": pieces})
    live = [_live(r) for r in own]
    context = {
        "blocks": blocks,
        "rows": live,
        "built": sum(bool(r["url"]) for r in live),
        "tabs": [
            {
                "label": _("第 %(n)s 篇") % {"n": n + 1},
                "url": reverse("desk:document_five_one", args=[n + 1]),
                "count": None,
                "current": n == number - 1,
            }
            for n in NUMBERS
        ],
        "nav_here": "documents",
    }
    return render(request, "desk/documents/five.html", context)
