"""Projects by their quoted names, who claimed them, and who signed with whom."""

from __future__ import annotations

import re
from collections.abc import Iterator

from linli.programmes.documents.rules.cleaning import HAN
from linli.programmes.documents.rules.drafts import Draft
from linli.programmes.documents.rules.sentences import quoted
from linli.programmes.documents.rules.words import one_of, words
from linli.programmes.documents.types import Kind

_NOUN = one_of("projects", "nouns")
_TAIL = re.compile(rf"(?!等)([{HAN}]{{0,9}}?)({_NOUN})(?![{HAN}]*[的地]性)")
_ROW_TAIL = re.compile(rf"等([{HAN}]{{0,4}}?)({_NOUN})")
_STOPS = re.compile("[和与及等的为了在将并是对]|建设|围绕|开展|魅力|问题|改造|精神|理念|学习|平台|进站|工作|战略")
_ENDS = re.compile(rf"(?:{_NOUN})$")
_COUNT = re.compile(r"^[一二三四五六七八九十\d]+[大项个]")
_CLAIM = re.compile(r"(?:共同|联合|联手|现场|分别|携手)*认领(?:了|的)?(?:重点|品牌|公益)*(?:项目)?(?=“|[" + HAN + r"])")
_PASSIVE = re.compile(r"(?:项目|计划|行动|活动)?(?:由|被)([^，；。\n“”]{2,60}?)(?:共同|联合|现场)*认领")
_PLAIN_PROJECT = re.compile(rf"[{HAN}A-Za-z0-9]{{2,16}}?项目")
_BOUNDARY = re.compile(r"[，；。：\n！？]|以及|(?<=”项目)[、和及]|其中")
_COUNTED = re.compile(r"(?:等)?[一二三四五六七八九十两\d]+[家个](?:单位|企业|机构|社会组织)?$")
_AND = re.compile(r"[、和与及]")
_SIGNED = re.compile(
    r"(?:共同)?(?:完成[^，；。\n]{0,10}签约|签约|签订|签署)(?:[^，；。\n]{0,20}?(?:协议书?|合同|备忘录))?"
)
_WITH = re.compile(r"[与和同]")


def find_projects(text: str) -> list[Draft]:
    """Return the named undertakings: quoted names that end in, or are followed by, such a noun."""
    found: list[Draft] = []
    quotes = quoted(text, "“‘《")
    for i, (start, end) in enumerate(quotes):
        inner = text[start + 1 : end - 1]
        if text[start] != "“" or not inner or len(inner) > 24:
            continue
        stop, name = end, inner
        tail = _TAIL.match(text, end)
        if tail and not _STOPS.search(tail[1]):
            stop = tail.end()
            name = inner if tail[1] in ("", *words("projects", "plain")) else text[start:stop]
        elif not _in_row(text, quotes, i) and (not _ENDS.search(inner) or _COUNT.match(inner) or len(inner) < 4):
            continue
        found.append(Draft(Kind.PROJECT, start, stop, 85 if tail else 70, "project.quoted", {"name": name, "list": ""}))
    return found


def _in_row(text: str, quotes: list[tuple[int, int]], i: int) -> bool:
    """Return whether a quotation is one of a row that ends in 等活动."""
    while i + 1 < len(quotes) and text[quotes[i][1] : quotes[i + 1][0]] in ("", "、", "和"):
        i += 1
    return bool(_ROW_TAIL.match(text, quotes[i][1]))


def find_claims(text: str, projects: list[Draft]) -> Iterator[Draft]:
    """Yield who claimed which project, and put projects without quotation marks on the list."""
    by_start = {p.start: p for p in projects}
    by_end = {p.end: p for p in projects}
    for match in _CLAIM.finditer(text):
        project = by_start.get(match.end()) or _quoted_project(text, match.end(), projects)
        if project is None:
            continue
        start = _left(text, match.start())
        units = _parties(text[start : match.start()])
        if units:
            yield _claim(start, project.end, units, project)
    for match in _PASSIVE.finditer(text):
        project = by_end.get(match.start()) or by_end.get(_noun_end(match))
        if project is not None:
            yield _claim(project.start, match.end(), _parties(match[1]), project)


def _noun_end(match: re.Match[str]) -> int:
    return match.start() + len(match[0].split("由")[0].split("被")[0])


def _claim(start: int, end: int, units: list[str], project: Draft) -> Draft:
    attributes = {"units": units, "project": project.attributes["name"], "project_found": project}
    return Draft(Kind.CLAIM, start, end, min(95, project.confidence + 5), "claim.claimed", attributes)


def _quoted_project(text: str, at: int, projects: list[Draft]) -> Draft | None:
    """Return the project that a claim names though no noun follows it, or that has no quotation marks."""
    for start, end in quoted(text[at : at + 60], "“"):
        if start == 0:
            project = Draft(
                Kind.PROJECT, at, at + end, 75, "project.claimed", {"name": text[at + 1 : at + end - 1], "list": ""}
            )
            projects.append(project)
            return project
    match = _PLAIN_PROJECT.match(text, at)
    if match is None:
        return None
    project = Draft(Kind.PROJECT, at, match.end(), 60, "project.claimed", {"name": match[0], "list": ""})
    projects.append(project)
    return project


def _left(text: str, end: int) -> int:
    """Return where the clause before ``end`` begins."""
    start = max(0, text.rfind("\n", 0, end) + 1, end - 80)
    for match in _BOUNDARY.finditer(text, start, end):
        start = match.end()
    return start


def _parties(clause: str) -> list[str]:
    clause = _COUNTED.sub("", clause.strip())
    parts = [p.strip() for p in _AND.split(clause)]
    return [p for p in parts if len(p) > 1]


def find_agreements(text: str) -> Iterator[Draft]:
    """Yield who signed with whom."""
    for match in _SIGNED.finditer(text):
        start = _left(text, match.start())
        clause = text[start : match.start()]
        joint = list(_WITH.finditer(clause))
        if not joint or "将" in clause or "见证" in clause:
            continue
        parties = [clause[: joint[-1].start()].strip(), clause[joint[-1].end() :].strip()]
        if all(len(p) > 1 for p in parties):
            yield Draft(Kind.AGREEMENT, start, match.end(), 80, "agreement.signed", {"parties": parties})
