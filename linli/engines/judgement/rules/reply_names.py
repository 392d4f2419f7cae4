"""Names of persons in a reply: full names and surnames beside a title, few mistakes before finding all; pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

_HAN = r"\u4e00-\u9fff"
# Whom everybody knows, and what is a post with a name in it.
_NOBODY = re.compile(r"^(?:习近平|李克强|雷锋)")
# Who is spoken to is no fact to look up: the writer has the name from the case's own sheet.
_SPOKEN_TO = re.compile(r"\s*[，,：:]?\s*(?:您|你)")
# 对于、主任 and the like: no surname.
_SMALL = re.compile(r"[对关至属位在由]于|[主时现担责前历]任")
_MASKS = "*＊×XxＸ○"


@cache
def words(kind: str) -> frozenset[str]:
    """Return a list of words from ``shipped/names.toml``."""
    content = files("linli.engines.judgement").joinpath("shipped", "names.toml").read_text(encoding="utf-8")
    found = tomllib.loads(content)[kind]
    return frozenset(found.split() if " " in found.strip() else found)


def _one_of(kind: str) -> str:
    return "|".join(sorted(map(re.escape, words(kind)), key=lambda w: (-len(w), w)))


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    surname, title = (
        f"(?:{_one_of('surnames')})",
        f"(?:{_one_of('polite')}|{_one_of('posts')})(?!们|信箱|热线|接待日|职)",
    )
    return (
        re.compile(rf"(?=({surname}[{_HAN}]{{1,2}}?)(?:等)?{title})"),
        re.compile(rf"(?=({surname}{title}))"),
        re.compile(rf"(?:{_one_of('labels')})\s*(?:[：:]\s*|为|是)?({surname}[{_HAN}]{{1,2}})(?![{_HAN}])"),
    )


def _free(text: str, at: int) -> bool:
    """Return whether a name may begin at ``at``: nothing before it belongs to it."""
    if at == 0:
        return True
    last = text[at - 1]
    if last in _MASKS or _SMALL.match(text, at - 1):
        return False
    return not "\u4e00" <= last <= "\u9fff" or last in words("before")


def _surname(name: str) -> str:
    return name[:2] if name[:2] in words("surnames") else name[:1]


def _given(name: str) -> str:
    return name[len(_surname(name)) :]


def _addressed(text: str, start: int, end: int) -> bool:
    """Return whether the name opens the reply or a greeting follows."""
    return bool(_SPOKEN_TO.match(text, end)) or (start <= 4 and text[end : end + 1] in "：:，,")


def _ends(text: str, match: re.Match[str]) -> int:
    """Return where the title after a name ends."""
    titles = sorted(words("polite") | words("posts"), key=len, reverse=True)
    at = match.end(1) + (text[match.end(1) : match.end(1) + 1] == "等")
    return at + next((len(t) for t in titles if text.startswith(t, at)), 0)


def full(text: str) -> Iterator[str]:
    """Yield the full names in ``text`` that stand before a title or after 联系人 and the like."""
    before_title, _short, after_label = _patterns()
    for match in before_title.finditer(text):
        name = match[1]
        fits = _free(text, match.start(1)) and not set(_given(name)) & words("never") and not _NOBODY.match(name)
        if fits and not _addressed(text, match.start(1), _ends(text, match)):
            yield name
    for match in after_label.finditer(text):
        if not set(_given(match[1])) & words("never"):
            yield match[1]


def short(text: str) -> Iterator[str]:
    """Yield surnames with their title (王经理) where no other character belongs to them."""
    _full, pattern, _label = _patterns()
    for match in pattern.finditer(text):
        start, end = match.span(1)
        fits = _surname(match[1]) not in words("words") and _free(text, start)
        if fits and not _addressed(text, start, end):
            yield match[1]


def unknown(known: str, draft: str) -> list[str]:
    """Return the names of persons in ``draft`` that ``known`` does not hold, in order, each once.

    A full name is known where the case has it or masks it (王某), a surname with its title wherever the surname stands.
    """
    whole = list(full(draft))
    masked = set(re.findall(rf"({_one_of('surnames')})某", known))
    names = [name for name in whole if name not in known and _surname(name) not in masked]
    told = {_surname(name) for name in whole}
    alone = [name for name in short(draft) if _surname(name) not in known and _surname(name) not in told]
    return list(dict.fromkeys([*names, *alone]))
