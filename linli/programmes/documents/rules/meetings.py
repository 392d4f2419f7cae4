"""Meetings and visits: kind, date, place, who chaired, how many came."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from linli.programmes.documents.rules.drafts import Draft
from linli.programmes.documents.rules.people import Roles
from linli.programmes.documents.rules.words import one_of, words
from linli.programmes.documents.types import Kind

_SUFFIX = one_of("meetings", "suffixes")
_VISIT = one_of("meetings", "visits")
_NAME = (
    rf"(?:[^，。；：\n]|(?<=史)、){{0,50}}?(?:{_SUFFIX})(?:暨[^，。；：\n]{{0,30}}?(?:{_SUFFIX}))?"
    r"(?!上|员|班子|会长|单位|成员)"
)
_HELD = re.compile(rf"(?:召开|举行|举办|组织召开)(?:了)?(?P<name>{_NAME})")
_HELD_AFTER = re.compile(
    rf"(?P<name>[^，。；：\n]{{2,60}}?(?:{_SUFFIX}))(?:(?:在|于)(?P<place>[^，。；]{{2,20}}?))?(?:顺利|隆重|成功)?(?:举行|召开|举办)"
)
_AFTERWARDS = re.compile(rf"之后的(?P<name>[^，。；在]{{0,12}}(?:{_SUFFIX}))上")
_AT = re.compile(r"(?:^|[，。；])(?:随后，)?在(?P<place>[^，。；]{2,20}?)(?:内)?(?:组织)?(?:召开|举行|举办)")
_WENT = re.compile(rf"(?:{_VISIT})(?:了)?(?P<object>[^，。；]{{2,40}})")
_TO = re.compile(r"到([^，。；]{2,16}?)(?:实地|现场|开展|进行|走访|调研|检查|参观)")
_CHAIR = re.compile(r"(?P<what>[^，。；]{0,20}?)由$")
_PRESENT = re.compile(r"[^，。；]{0,8}?(?:参加|出席|参会|与会|汇聚|现场|聆听|到场)|等?参加")
# Who chaired is told soon after the meeting.
_RECENT = 6
_NEAR = 12
# A sentence that says who came, and how many parties of it are kept.
_CAME = re.compile(r"[^。\n]{2,300}(?:参加|出席|参会|陪同)[^。\n]{0,60}。")
_MOST = 40
_ANY = re.compile(r"[一两几多各某每这该本此\d][次场个届种]")
_LEAD = re.compile(r"(?:带队|率队|一行|带领)")


class _Finder:
    def __init__(self, text: str, title: str, roles: Roles, others: Sequence[Draft]) -> None:
        self._text = text
        self._title = title
        self._roles = roles
        self._dates = [d for d in others if d.kind == Kind.DATE]
        self._numbers = [d for d in others if d.kind == Kind.NUMBER]
        self._places = [d for d in others if d.kind in (Kind.PLACE, Kind.UNIT)]
        parties = [d for d in others if d.kind in (Kind.POST, Kind.UNIT)]
        self._parties = sorted(parties, key=lambda d: d.start)
        self._parties_at = [d.start for d in self._parties]
        self._days = [d for d in self._dates if d.attributes["precision"] == "day"]
        self._days_at = [d.start for d in self._days]
        self._starts: list[int] = []
        self._taken: set[int] = set()
        self._cores: set[str] = set()
        self.found: list[Draft] = []

    def find(self, body_end: int) -> list[Draft]:
        for match in _HELD.finditer(self._text, 0, body_end):
            self._add(match, "meeting.held")
        for match in _HELD_AFTER.finditer(self._text, 0, body_end):
            self._add(match, "meeting.held_after", match["place"] or "")
        for match in _AFTERWARDS.finditer(self._text, 0, body_end):
            self._add(match, "meeting.afterwards")
        if not self.found:
            for match in [*_HELD.finditer(self._text, body_end), *_HELD_AFTER.finditer(self._text, body_end)]:
                self._add(match, "meeting.headline")
        self._visit(body_end)
        self.found.sort(key=lambda d: d.start)
        for draft in self.found:
            self._when_and_where(draft)
        self._starts = [d.start for d in self.found]
        self._who(body_end)
        self._how_many(body_end)
        return self.found

    def _add(self, match: re.Match[str], rule: str, place: str = "") -> None:
        name = match["name"].split("，")[-1]
        start = match.end("name") - len(name)
        verb = re.search(r"(?:组织召开|召开|举行|举办)(?:了)?", name)
        if verb:
            start += verb.end()
            name = name[verb.end() :]
        kind = _kind(name)
        if name in words("meetings", "suffixes") or _ANY.match(name) or start in self._taken:
            return
        if _core(name) in self._cores:
            return
        self._cores.add(_core(name))
        self._new(start, match.end("name"), rule, name, kind, place)

    def _new(self, start: int, end: int, rule: str, name: str, kind: str, place: str) -> None:
        self._taken |= set(range(start, end))
        attributes: dict[str, Any] = {"kind": kind, "name": name, "date": "", "place": place, "chair": ""}
        attributes |= {"attendance": None, "approx": "", "who": [], "branch": False}
        self.found.append(Draft(Kind.MEETING, start, end, 85 if rule != "meeting.headline" else 70, rule, attributes))

    def _visit(self, body_end: int) -> None:
        """Find the visit that the headline tells of."""
        told = re.search(_VISIT, self._title)
        if told is None:
            return
        for match in _WENT.finditer(self._text, 0, body_end):
            if told[0] in match[0][:6] or told[0] == "调研":
                verb_at = (
                    match.start() - 2 if self._text[match.start() - 2 : match.start()] == "实地" else match.start()
                )
                name = self._text[verb_at : match.end()]
                self._new(verb_at, match.end(), "meeting.visit", name, told[0], self._goal(match))
                return

    def _goal(self, match: re.Match[str]) -> str:
        line = self._text.rfind("\n", 0, match.start()) + 1
        to = _TO.search(self._text, max(line, match.start() - 20), match.end())
        if to:
            return to[1]
        whole = match["object"]
        known = [p for p in self._places if p.start == match.start("object") and p.end == match.end()]
        return whole if known else ""

    def _when_and_where(self, draft: Draft) -> None:
        line = self._text.rfind("\n", 0, draft.start) + 1
        last = bisect_left(self._days_at, draft.start) - 1
        if last >= 0 and self._days_at[last] >= line:
            draft.attributes["date"] = self._days[last].attributes["iso"]
        if not draft.attributes["place"]:
            sentence = max(self._text.rfind("。", 0, draft.start) + 1, line)
            at = _AT.search(self._text, sentence, draft.start)
            draft.attributes["place"] = at["place"] if at else ""
        after = self._text[draft.start : draft.start + 200]
        draft.attributes["branch"] = "分会场" in after
        end = self._text.find("\n", draft.end)
        came = [m.span() for m in _CAME.finditer(self._text, draft.start, end if end > 0 else len(self._text))]
        first = bisect_left(self._parties_at, draft.end)
        for party in self._parties[first : first + _MOST]:
            name = party.attributes["name"]
            if any(party.within(a, b) for a, b in came) and name not in draft.attributes["who"]:
                draft.attributes["who"].append(name)

    def _meeting_for(self, at: int, what: str = "") -> Draft | None:
        last = bisect_left(self._starts, at)
        before = self.found[max(0, last - _RECENT) : last]
        if what:
            same = [
                d for d in before if what.endswith(str(d.attributes["kind"])) or d.attributes["name"].endswith(what)
            ]
            if same:
                return same[-1]
        held = [d for d in before if d.rule != "meeting.visit"]
        return (held or before or [None])[-1]  # type: ignore[list-item]

    def _meeting_after(self, at: int) -> Draft | None:
        """Return the meeting of 主任主持召开…会."""
        i = bisect_left(self._starts, at)
        near = self.found[i] if i < len(self.found) else None
        return near if near is not None and near.start - at <= _NEAR else None

    def _who(self, body_end: int) -> None:
        for holder in self._roles.holders:
            end = holder.end + len(holder.name)
            role = self._text[holder.start : holder.end]
            after = self._text[end : end + 4]
            if after.startswith("主持"):
                head = _CHAIR.search(self._text, max(0, holder.start - 24), holder.start)
                what = head["what"] if head else ""
                meeting = self._meeting_for(holder.start, what) or self._meeting_after(end)
                if meeting is not None and not meeting.attributes["chair"]:
                    meeting.attributes["chair"] = role
            elif _LEAD.match(after):
                visit = next((d for d in self.found if d.rule == "meeting.visit"), None)
                if visit is not None and not visit.attributes["chair"]:
                    visit.attributes["chair"] = role

    def _how_many(self, body_end: int) -> None:
        for number in self._numbers:
            if number.attributes["unit"] not in ("人", "名", "家", "人次") or number.end > body_end:
                continue
            stop = min(
                x for x in (self._text.find("。", number.end), self._text.find("\n", number.end), body_end) if x > 0
            )
            after = self._text[number.end : min(stop, number.end + 40)]
            meeting = self._meeting_for(number.start)
            if meeting is None or not _PRESENT.search(after):
                continue
            if meeting.attributes["attendance"] is None or number.attributes["unit"] in ("人", "名"):
                if number.attributes["unit"] == "家" and "汇聚" not in after and "参会" not in after:
                    continue
                meeting.attributes["attendance"] = number.attributes["value"]
                meeting.attributes["approx"] = number.attributes["approx"]


def _core(name: str) -> str:
    return re.sub(r"[“”\s]|\d{4}年", "", name)


def _kind(name: str) -> str:
    matches = [w for w in words("meetings", "suffixes") if name.endswith(w)]
    return matches[0] if matches else name[-3:]


def find_meetings(text: str, body_end: int, title: str, roles: Roles, others: Sequence[Draft]) -> list[Draft]:
    """Return the gatherings and visits of an article.

    Args:
        text: the composed text, headlines last.
        body_end: where its running text ends and headlines begin.
        title: the article's title.
        roles: who holds which post.
        others: the dates, numbers, places and units found.
    """
    return _Finder(text, title, roles, others).find(body_end)
