"""Reports as tables: on the terminal, in Markdown and in HTML; the same tables in each."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linli.interfaces.cli.simulate.measures import Difference, Report
from linli.interfaces.cli.words import gettext as _

Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what it is called, its heads, its rows of text."""

    title: str
    heads: list[str]
    rows: Rows


def _words() -> dict[str, str]:
    """Return what the keys of a report are called."""
    return {
        "accept": _("受理"), "dispatch": _("派遣"), "sign": _("签收"), "handle": _("处置"), "check": _("核查"),
        "close": _("反馈结案"), "whole": _("全程"), "general": _("一般问题"), "comprehensive": _("综合问题"),
        "difficult": _("困难问题"), "waits.accept.median": _("受理中位（小时）"),
        "waits.handle.median": _("处置中位（小时）"), "waits.handle.p90": _("处置九成（小时）"),
        "waits.check.median": _("核查中位（小时）"), "waits.whole.median": _("全程中位（小时）"),
        "waits.whole.p90": _("全程九成（小时）"), "overdue_share": _("超期案件占比"),
        "rises.comprehensive": _("升为综合问题"), "rises.difficult": _("升为困难问题"), "reopened": _("重新办理"),
        "urged": _("催办"), "satisfaction": _("满意率"), "closed": _("办结"), "open": _("期末未结"),
        "most_open": _("最多未结"), "joined": _("居民并入他人上报"), "merged": _("派单员合并"),
        "hung_up": _("等待时挂断的来电"), "reports": _("上报"), "cases": _("案件"), "refused": _("不予受理"),
        "calls": _("来电"), "lost_calls": _("挂断后不再反映"), "overdue": _("曾超期"), "returns": _("退单"),
        "reworks": _("核查不通过"), "resident": _("居民自报"), "phone": _("电话"), "hotline": _("12345 热线"),
        "video": _("视频上报"), "open311": _("开放接口"), "satisfied": _("满意"), "mostly": _("基本满意"),
        "fair": _("一般"), "unsatisfied": _("不满意"), "verify": _("核实"), "first_contact": _("先行联系"),
        "arrive": _("到场"), "reply": _("反馈"), "overall": _("全程"), "review": _("不满意复核"),
    }  # fmt: skip


def _number(found: float | None, digits: int = 1) -> str:
    if found is None:
        return ""
    return f"{found:.{digits}f}" if digits else f"{found:.0f}"


def _percent(found: float | None) -> str:
    return "" if found is None else f"{100 * found:.1f}%"


def tables(report: Report) -> list[Table]:
    """Return a run's report as tables."""
    return [t for t in _every(report) if t.rows]


def _every(report: Report) -> Iterator[Table]:
    words = _words()
    counted = (
        "reports", "cases", "joined", "merged", "refused", "closed", "open", "most_open", "calls", "hung_up",
        "lost_calls", "overdue", "returns", "reworks", "reopened", "urged",
    )  # fmt: skip
    rows = [[words[k], str(report[k])] for k in counted]
    rows += [[_("升为%(level)s") % {"level": words.get(k, k)}, str(n)] for k, n in sorted(report["rises"].items())]
    yield Table(_("总数"), [_("项目"), _("数")], [*rows, [words["satisfaction"], _percent(report["satisfaction"])]])
    yield Table(
        _("各环节用时"), [_("环节"), _("件"), _("中位（小时）"), _("九成不超过（小时）")],
        [[words[s], str(w["n"]), _number(w["median"]), _number(w["p90"])] for s, w in report["waits"].items()],
    )  # fmt: skip
    for key, title in (("by_unit", _("按单位")), ("by_level", _("按层级")), ("by_source", _("按来源"))):
        yield _grouped(title, report[key], words)
    yield Table(
        _("每日未结"), [_("日期"), _("新增"), _("办结"), _("日终未结")],
        [[d["day"], str(d["came"]), str(d["ended"]), str(d["open"])] for d in report["backlog"]],
    )  # fmt: skip
    yield _stormy(report["storms"])
    yield Table(_("评价"), [_("评价"), _("件")], [[words[r], str(n)] for r, n in report["ratings"].items()])
    yield _marked(report["marks"], words)
    yield Table(
        _("人员"), [_("队伍"), _("工作（小时）"), _("占在岗时间")],
        [[k, _number(w["minutes"] / 60), _percent(w["share"])] for k, w in report["work"].items()],
    )  # fmt: skip
    yield Table(
        _("接口响应（毫秒）"), [_("接口"), _("次"), _("中位"), "95%", _("最长")],
        [[k, str(d["n"]), *(_number(d[x], 0) for x in ("median", "p95", "max"))] for k, d in report["doors"].items()],
    )  # fmt: skip
    trouble = [[k, str(n)] for part in ("refused", "stuck") for k, n in sorted(report["trouble"][part].items())]
    yield Table(_("被拒绝的操作"), [_("原因"), _("次")], trouble)


def _grouped(title: str, groups: Mapping[str, Mapping[str, Any]], words: Mapping[str, str]) -> Table:
    heads = [
        title, _("案件"), _("未结"), _("曾超期"), _("处置中位（小时）"), _("处置九成（小时）"), _("全程中位（小时）"),
        _("满意率"),
    ]  # fmt: skip
    rows = [
        [words.get(name, name), str(g["cases"]), str(g["open"]), str(g["overdue"]), _number(g["handle_median"]),
         _number(g["handle_p90"]), _number(g["whole_median"]), _percent(g["satisfaction"])]
        for name, g in groups.items()
    ]  # fmt: skip
    return Table(title, heads, rows)


def _stormy(storms: Mapping[str, Mapping[str, Any]]) -> Table:
    keys = ("reports", "hung_up", "joined", "merged", "cases", "taken_up_median", "taken_up_p90")
    heads = [
        _("集中反映"), _("上报"), _("等待时挂断的来电"), _("居民并入他人上报"), _("派单员合并"), _("单独成案"),
        _("受理或合并中位（分钟）"), _("受理或合并九成（分钟）"),
    ]  # fmt: skip
    return Table(_("集中反映"), heads, [[n, *(_number(s[k], 0) for k in keys)] for n, s in storms.items()])


def _marked(marks: Mapping[str, int], words: Mapping[str, str]) -> Table:
    rows = []
    for name, count in marks.items():
        stage, percent = name.rsplit(" ", 1)
        rows.append([words.get(stage, stage), f"{percent}%", str(count)])
    return Table(_("时限提醒"), [_("环节"), _("时限的百分比"), _("次")], rows)


def difference(found: Sequence[Difference], what: str) -> Table:
    """Return the table of what two variants differ in; ``what`` names the other one."""
    words = _words()
    rows = []
    for row in found:
        show = _percent if row.measure.share else _number
        if row.before is None or (not row.before and not row.after):
            continue
        half = f" ±{show(row.half)}" if row.half is not None else ""
        sign = "+" if (row.difference or 0) > 0 else ""
        rows.append([words[row.measure.key], show(row.before), show(row.after), f"{sign}{show(row.difference)}{half}"])
    seeds = max((r.seeds for r in found), default=0)
    title = _("对比：%(what)s（%(count)s 个种子）") % {"what": what, "count": seeds}
    return Table(title, [_("项目"), _("现行"), _("假设"), _("差")], rows)


def title_of(report: Report) -> str:
    """Return what a run was, in a line."""
    return _("%(title)s，自 %(start)s 起 %(days)s 天，之后 %(settle)s 天收尾，规模 %(scale)s，种子 %(seed)s") % {
        **report, "scale": f"{report['scale']:g}"
    }  # fmt: skip


def markdown(title: str, shown: Sequence[Table]) -> str:
    """Return tables as Markdown."""
    parts = [f"# {title}", ""]
    for table in shown:
        parts += [f"## {table.title}", "", _line(table.heads), _line(["---"] * len(table.heads))]
        parts += [_line(row) for row in table.rows]
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |"


_STYLE = (
    "body{font:15px/1.5 system-ui,'Noto Sans CJK SC',sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;"
    "color:#1d2530}h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}table{border-collapse:collapse;width:100%}"
    "th,td{padding:.3rem .6rem;border-bottom:1px solid #d7dde5;text-align:right}"
    "th:first-child,td:first-child{text-align:left}th{background:#f3f5f8}div{overflow-x:auto}"
)


def page(title: str, shown: Sequence[Table]) -> str:
    """Return tables as one HTML page that needs nothing else."""
    parts = [
        '<!doctype html><html lang="zh-Hans"><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style><h1>{html.escape(title)}</h1>",
    ]
    for table in shown:
        heads = "".join(f"<th scope=col>{html.escape(h)}</th>" for h in table.heads)
        rows = "".join("<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in row) + "</tr>" for row in table.rows)
        parts.append(f"<h2>{html.escape(table.title)}</h2><div><table><tr>{heads}</tr>{rows}</table></div>")
    return "\n".join(parts) + "\n"


def write(path: Path, title: str, shown: Sequence[Table], data: Any) -> None:
    """Write a report as what the file's name ends in: .json, .html, else Markdown."""
    if path.suffix == ".json":
        path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf8")
    elif path.suffix in {".html", ".htm"}:
        path.write_text(page(title, shown), encoding="utf8")
    else:
        path.write_text(markdown(title, shown), encoding="utf8")
