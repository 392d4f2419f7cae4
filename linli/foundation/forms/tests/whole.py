# ruff: noqa: E501
"""Whole forms for tests: a few by hand, any number by Hypothesis."""

from datetime import datetime, timedelta, timezone

from hypothesis import strategies as st

from linli.foundation.forms.rules import Moment
from linli.foundation.forms.types import Choice, Group, Question, QuestionType, Score, Settings, WholeForm

Q = QuestionType
MOMENT = Moment(datetime(2026, 11, 22, 9, 30, tzinfo=timezone(timedelta(hours=8))))


def zh(text):
    return {"zh-hans": text}


def q(code, kind=Q.TEXT, **more):
    return Question(code, kind, more.pop("label", zh(code)), **more)


def form(*items, lists=None, **settings):
    return WholeForm(Settings(**{"title": "检查", "form_id": "check", **settings}), items, lists or {})


def repeat(code, *items, **more):
    return Group(code, items, zh(code), repeat=True, **more)


def group(code, *items, **more):
    return Group(code, items, zh(code), **more)


def choices(*codes, **marks):
    return tuple(Choice(c, zh(c), mark=marks.get(c, "")) for c in codes)


# Texts as people type them into cells: no control characters, no reference, nothing that a cell would trim.
TEXTS = st.text("一二三四五邻里abcXYZ019 ，。（）\"'<>&=-+#", min_size=1, max_size=12).map(str.strip).filter(bool)
CODES = st.from_regex(r"q[a-z0-9]{1,5}", fullmatch=True)
LANGUAGES = ["zh-hans", "en", "fr"]
WORDS = st.fixed_dictionaries({"zh-hans": TEXTS}, optional={"en": TEXTS, "fr": TEXTS})
MAYBE_WORDS: st.SearchStrategy = st.one_of(st.just({}), WORDS)
_PARAMETERS = {Q.RANGE: {"start": "0", "end": "10", "step": "2"}}
_NUMBERS = st.sampled_from(["0.5", "1", "2", "10"])


@st.composite
def scores(draw, codes):
    return Score(
        draw(_NUMBERS), draw(_NUMBERS), draw(st.sampled_from(["", "group", "form"])),
        tuple(draw(st.lists(st.sampled_from(codes), max_size=2, unique=True))) if codes else (),
    )  # fmt: skip


@st.composite
def choice_lists(draw):
    names = draw(st.lists(st.from_regex(r"l[a-z]{1,4}", fullmatch=True), min_size=1, max_size=3, unique=True))
    found = {}
    for name in names:
        codes = draw(st.lists(st.from_regex(r"[a-z0-9]{1,4}", fullmatch=True), min_size=1, max_size=4, unique=True))
        found[name] = tuple(
            Choice(
                c, draw(WORDS), {"image": {"zh-hans": "a.jpg"}} if draw(st.booleans()) else {},
                {"kind": draw(st.sampled_from(["x", "y"]))}, draw(st.sampled_from(["", "0", "0.5", "1"])),
            )
            for c in codes
        )  # fmt: skip
    return found


@st.composite
def questions(draw, code, before, lists):
    kind = draw(st.sampled_from([t for t in Q if t is not Q.CALCULATE]))
    more = {}
    if kind in {Q.CHOICE, Q.CHOICES, Q.RANK}:
        more["list"] = draw(st.sampled_from(sorted(lists)))
        more["choice_filter"] = draw(st.sampled_from(["", "kind = 'x'"]))
    if before and draw(st.booleans()):
        more["relevant"] = draw(st.sampled_from(["${%s} = '1'", "not(${%s} > 2)"])) % draw(st.sampled_from(before))
    if kind is Q.PHOTO:
        more |= {"least": draw(st.integers(0, 3)), "same_spot": draw(st.booleans())}
    if kind in {Q.TEXT, Q.INTEGER, Q.DECIMAL}:
        more["constraint"] = draw(st.sampled_from(["", ". != ''", "string-length(.) < 5"]))
        more["constraint_message"] = draw(MAYBE_WORDS)
        more["default"] = draw(st.sampled_from([None, "1", "3"]))
        more["read_only"] = draw(st.sampled_from(["", "true()"]))
    if kind in {Q.CHOICE, Q.YES_NO, Q.INTEGER} and draw(st.booleans()):
        codes = {Q.CHOICE: lambda: [c.code for c in lists[more["list"]]], Q.YES_NO: lambda: ["yes", "no"]}
        more["score"] = draw(scores(codes.get(kind, list)()))
    if kind in {Q.CHOICE, Q.YES_NO, Q.INTEGER} and draw(st.booleans()):
        more |= {"finds": ". = '1'", "extra": {"category": "street_parking"}}
    more["required_when"] = draw(st.sampled_from(["", "1 = 1"])) if kind is Q.TEXT else ""
    return Question(
        code, kind, draw(WORDS), hint=draw(MAYBE_WORDS), guidance=draw(MAYBE_WORDS), parameters=_PARAMETERS.get(kind, {}),
        required=not more["required_when"] and kind is not Q.NOTE and draw(st.booleans()), personal=draw(st.booleans()),
        **more,
    )  # fmt: skip


@st.composite
def forms(draw):
    """Any form that can be."""
    lists = draw(choice_lists())
    codes = draw(st.lists(CODES, min_size=2, max_size=9, unique=True))
    top: list[Question | Group] = []
    before: list[str] = []
    while codes:
        code = codes.pop()
        if len(codes) > 1 and draw(st.booleans()):
            inner = [
                draw(questions(codes.pop(), list(before), lists)) for _n in range(draw(st.integers(1, len(codes))))
            ]
            many = draw(st.booleans())
            top.append(
                Group(
                    code, tuple(inner), draw(WORDS), repeat=many, count=draw(st.sampled_from(["", "2"])) if many else ""
                )
            )
            before += [i.code for i in inner if not many]
        else:
            top.append(draw(questions(code, list(before), lists)))
            before.append(code)
    settings = Settings(
        draw(TEXTS), "form1", draw(st.sampled_from(["", "3"])), draw(st.sampled_from(["zh-hans", "en"]))
    )
    return WholeForm(settings, tuple(top), lists)
