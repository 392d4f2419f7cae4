"""Posts, and which post a person's name stands for.

A name is only used to find the post of who spoke; it never goes into what is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from linli.programmes.documents.rules.cleaning import HAN
from linli.programmes.documents.rules.drafts import Draft
from linli.programmes.documents.rules.edges import left_edge
from linli.programmes.documents.rules.words import one_of, words
from linli.programmes.documents.types import Kind

_TITLE = re.compile(rf"(?:{one_of('people', 'titles')})(?!职|们|制|号召|长|岗|会|办公)")
_NOT = re.compile(one_of("people", "not_posts"))
_AFTER = rf"(?=[，。、；：（]|{one_of('people', 'after_name')}|$|\n)"
_NAMED = re.compile(rf"(?:{one_of('people', 'surnames')})[{HAN}]{{1,2}}?{_AFTER}")
# A rare surname is believed where a comma closes the name and the same name speaks later.
_RARE = re.compile(rf"[{HAN}]{{2,3}}(?=[，、])")
_NO_NAME = re.compile(rf"^(?:{one_of('people', 'after_name')}|{one_of('people', 'not_names')})")
_SPEAKS = ["强调", "指出", "要求", "提出", "表示", "号召", "为", "向", "对", "说"]
_BARE = ("书记", "副书记", "主任", "副主任", "主席", "委员", "教授", "会长", "部长")
_JOINTS = ("、", "兼", "，")


@dataclass(frozen=True, slots=True)
class Holder:
    """Where a post or several posts of one person stand, and the name that follows ("" where there is none)."""

    start: int
    end: int
    posts: tuple[tuple[int, int], ...]
    name: str


@dataclass(slots=True)
class Roles:
    """Who is who in a text: name → posts as stated, the first time; where several share a (masked) name, the first."""

    of: dict[str, str] = field(default_factory=dict)
    holders: list[Holder] = field(default_factory=list)

    def names(self) -> tuple[str, ...]:
        """Return the names, the longest first."""
        return tuple(sorted(self.of, key=lambda n: (-len(n), n)))


def find_posts(text: str) -> list[tuple[int, int]]:
    """Return where posts stand, the unit before them included."""
    found: list[tuple[int, int]] = []
    for match in _TITLE.finditer(text):
        start = left_edge(text, match.start())
        if found:
            start = max(start, found[-1][1])
        while text[start : start + 1].isdigit():
            start += 1
        whole = text[start : match.end()]
        if match[0] == "会长" and text[max(0, match.start() - 2) : match.start()] in ("基金", "员工"):
            continue
        if _NOT.search(text[max(0, match.start() - 4) : match.end()]) or len(whole) < 2:
            continue
        if found and found[-1][1] == start and whole in _BARE:
            continue
        found.append((start, match.end()))
    return found


def roles_in(text: str, known: Mapping[str, str] | None = None) -> Roles:
    """Return who holds which post, as the text states it: posts in a row belong to the name after the last."""
    roles = Roles(dict(known or {}))
    row: list[tuple[int, int]] = []
    for start, end in find_posts(text):
        if row and text[row[-1][1] : start] not in _JOINTS[:2]:
            _close(text, row, roles)
            row = []
        row.append((start, end))
        name = _name_at(text, end)
        if name:
            _close(text, row, roles, name)
            row = []
    _close(text, row, roles)
    return roles


def _close(text: str, row: list[tuple[int, int]], roles: Roles, name: str = "") -> None:
    if not row:
        return
    roles.holders.append(Holder(row[0][0], row[-1][1], tuple(row), name))
    if name:
        roles.of.setdefault(name, text[row[0][0] : row[-1][1]])


def _name_at(text: str, at: int) -> str:
    match = _NAMED.match(text, at)
    if match and not _NO_NAME.match(match[0]):
        return match[0]
    match = _RARE.match(text, at)
    if match and not _NO_NAME.match(match[0]) and any(f"{match[0]}{s}" in text for s in _SPEAKS):
        return match[0]
    return ""


def _impersonal(post: str, people: Sequence[str]) -> str:
    """Return a post without a name before it (…书记) and without what only says that there are many."""
    for name in people:
        post = post.removeprefix(name)
    return post.removeprefix("小区") if post.endswith("物业经理") else post


def posts_of(text: str, roles: Roles) -> Iterator[Draft]:
    """Yield the posts found, those with a name before those without in trust."""
    people = roles.names()
    for holder in roles.holders:
        for start, end in holder.posts:
            word = _impersonal(text[start:end], people)
            if word in words("people", "titles") and word not in (
                "总经理",
                "董事长",
                "会长",
                "常务副会长",
                "物业经理",
                "一级巡视员",
                "镇长",
                "区长",
            ):
                continue
            yield Draft(Kind.POST, start, end, 90 if holder.name else 75, "post.title", {"name": word})
