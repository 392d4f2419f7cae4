"""The form of one type of point, made of its standards: each with its text at hand, marks, veto, 不适用, photo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from linli.foundation.forms.types import Choice, Group, Question, QuestionType, Score, Settings, WholeForm, Words

GOOD, BAD, SPARED = "good", "bad", "none"
_LIST = "civility_states"


@dataclass(frozen=True, slots=True)
class Item:
    """A standard as it is asked."""

    code: str
    project: str
    content: str
    text: str
    guide: str = ""
    full: Decimal = Decimal(1)
    weight: Decimal = Decimal(1)
    veto: bool = False
    photo: bool = False
    category: str = ""


def _zh(text: str) -> Words:
    return {"zh-hans": text}


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _asked(item: Item) -> tuple[Question, ...]:
    """Return the questions of one standard: whether it is met, and where not, what is seen and whether it is mended."""
    failed, mended = f"${{{item.code}}} = '{BAD}'", f"${{{item.code}_mended}} = 'yes'"
    names = {name: f"{item.code}_{name}" for name in ("note", "photo", "mended", "before", "after")}
    extra = {"standard": item.code, "category": item.category, "text": f"不达标：{item.text}"} | {
        "note": names["note"], "photos": names["photo"], "mended": names["mended"],
        "before": names["before"], "after": names["after"],
    }  # fmt: skip
    state = Question(
        item.code, QuestionType.CHOICE, _zh(item.text), list=_LIST, required=True, guidance=_zh(item.guide),
        hint=_zh(f"{item.project}：{item.content}"), finds=f". = '{BAD}'",
        score=Score(_plain(item.full), _plain(item.weight), "group" if item.veto else "", (SPARED,)),
        extra={k: v for k, v in extra.items() if v},
    )  # fmt: skip
    photo = QuestionType.PHOTO
    return (
        state,
        Question(names["note"], QuestionType.TEXT, _zh("问题说明"), relevant=failed),
        Question(
            names["photo"], photo, _zh("现场照片"), relevant=failed if not item.photo else "",
            required=item.photo, most=3, same_spot=item.photo,
        ),
        Question(names["mended"], QuestionType.YES_NO, _zh("当场整改"), relevant=failed),
        Question(names["before"], photo, _zh("整改前照片"), relevant=f"{failed} and {mended}", most=1),
        Question(names["after"], photo, _zh("整改后照片"), relevant=f"{failed} and {mended}", most=1),
    )  # fmt: skip


def form_of(code: str, title: str, items: Sequence[Item]) -> WholeForm:
    """Return the form of a type of point: a group for each content, in the order of the library."""
    groups: list[Group] = []
    for n, ((project, content), found) in enumerate(groupby(items, key=lambda i: (i.project, i.content)), 1):
        asked = tuple(q for item in found for q in _asked(item))
        groups.append(Group(f"c{n}", asked, _zh(f"{project}：{content}")))
    states = (
        Choice(GOOD, _zh("达标"), mark="1"),
        Choice(BAD, _zh("不达标"), mark="0"),
        Choice(SPARED, _zh("不适用")),
    )
    return WholeForm(Settings(title, code), tuple(groups), {_LIST: states})


def in_order(items: Iterable[Item]) -> list[Item]:
    """Return items with those of one content together, contents as they first come."""
    places: dict[tuple[str, str], int] = {}
    listed = list(items)
    for item in listed:
        places.setdefault((item.project, item.content), len(places))
    return sorted(listed, key=lambda i: places[i.project, i.content])
