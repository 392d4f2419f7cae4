"""Shorthand of the tests: a form of three indices, a survey planned and begun, answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from linli.engines.fieldwork.tests.sent import Q, q, zh
from linli.foundation.forms import services as forms
from linli.foundation.forms.types import Choice, Group, Settings, WholeForm
from linli.programmes.surveys import services
from linli.programmes.surveys.models import Survey
from linli.programmes.surveys.types import FrameData, SurveyData
from tests.world import World

GRADES = tuple(
    Choice(code, zh(label), mark=mark)
    for code, label, mark in [
        ("good", "满意", "1"), ("fair", "基本满意", "0.8"), ("so", "一般", "0.5"), ("bad", "不满意", "0"),
    ]
)  # fmt: skip
FORM = WholeForm(
    Settings("居民满意度", "survey.satisfaction"),
    (
        q("known", Q.YES_NO, "您知道“四百走访”吗", required=True, extra={"index": "awareness"}),
        q("from", Q.CHOICES, "从哪里知道的", list="sources", relevant="${known} = 'yes'"),
        Group("work", (q("feel", Q.CHOICE, "与去年比，小区环境", list="change", required=True,
                         extra={"index": "feeling", "good": "better"}),
                       q("score", Q.CHOICE, "对走访工作", list="grades", required=True,
                         extra={"index": "satisfaction"})), zh("您的感受")),
        q("more", Q.LONG_TEXT, "还想说什么"),
    ),
    {
        "grades": GRADES,
        "change": (Choice("better", zh("变好")), Choice("same", zh("差不多")), Choice("worse", zh("变差"))),
        "sources": (Choice("visit", zh("上门")), Choice("board", zh("公告栏"))),
    },
)  # fmt: skip
SAID = {"known": "yes", "work/feel": "better", "work/score": "good"}
NESTED = {"known": "yes", "work": {"feel": "better", "score": "good"}}


def enter_form(world: World, form: WholeForm = FORM) -> None:
    forms.save_whole_form(by=world.actor("xitong"), now=world.now, code=form.settings.form_id, form=form, kind="survey")


def plan(world: World, who: str = "lingdao", **more: Any) -> Survey:
    today = world.now.date()
    given: dict[str, Any] = {
        "title": "一季度满意度", "form": "survey.satisfaction", "unit_id": world.units["centre"].pk,
        "opens_on": today, "closes_on": today + timedelta(days=14), "ways": ("qr",),
    }  # fmt: skip
    return services.plan(by=world.actor(who), now=world.now, data=SurveyData(**(given | more)))


def begun(
    world: World, *, sizes: dict[str, int] | None = None, frame: dict[str, Any] | None = None, **more: Any
) -> Survey:
    """Plan a survey, draw where sizes are given (by name of the 居民区), and begin it."""
    by, now = world.actor("lingdao"), world.now
    survey = plan(world, **more)
    if sizes:
        codes = {world.areas[name].code: n for name, n in sizes.items()}
        data = FrameData(sizes=codes, seed="2026-03-10 满意度", **(frame or {}))
        survey = services.set_frame(by=by, now=now, survey=survey, expected=survey.version, data=data)
    return services.open_survey(by=by, now=now, survey=survey, expected=survey.version)


def tell(world: World, survey: Survey, home: str = "", way: str = "qr", **answers: Any) -> None:
    """Answer once, as somebody of a 居民区."""
    given = {"known": "yes", "work": {"feel": "better", "score": "good"}} | answers
    code = world.areas[home].code if home else ""
    services.answer(now=world.now, survey=survey, way=way, area_code=code, answers=given)
