"""The demonstration's surveys: two waves that residents read, a third that runs; all invented."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from linli.foundation.core.actors import SYSTEM
from linli.foundation.forms import services as forms
from linli.foundation.forms.types import Choice, Group, Question, QuestionType, Settings, WholeForm, Words
from linli.foundation.people import selectors as people
from linli.programmes.surveys import services
from linli.programmes.surveys.types import FrameData, SurveyData

if TYPE_CHECKING:
    from linli.programmes.surveys.models import Survey

FORM = "survey.civility"
_HOMES, _SHEETS, _RUNNING = 7, 24, 24
# Of a hundred: who knows, who finds it better, who is pleased; by wave.
_MOODS = ((68, 57, 74), (83, 66, 81), (85, 68, 82))


def _zh(text: str) -> Words:
    return {"zh-hans": text}


def _form() -> WholeForm:
    choice, several = QuestionType.CHOICE, QuestionType.CHOICES
    pleased = (("very", "很满意", "1"), ("rather", "比较满意", "0.8"), ("fair", "一般", "0.5"), ("not", "不满意", "0"))
    wishes = (("parking", "停车和充电"), ("clean", "环境卫生"), ("corridor", "楼道堆物"), ("pets", "文明养宠"))
    return WholeForm(
        Settings("文明创建知晓率、满意度问卷", FORM),
        (
            Question("known", QuestionType.YES_NO, _zh("您知道我们正在创建全国文明城区吗"), required=True,
                     extra={"index": "awareness"}),
            Group(
                "work",
                (
                    Question("feel", choice, _zh("这一年小区和街道的环境"), list="change", required=True,
                             extra={"index": "feeling", "good": "better"}),
                    Question("score", choice, _zh("对街道、居民区的工作"), list="pleased", required=True,
                             extra={"index": "satisfaction"}),
                ),
                _zh("您的感受"),
            ),
            Question("wishes", several, _zh("最想改善的"), list="wishes"),
            Question("more", QuestionType.LONG_TEXT, _zh("还想说的")),
        ),
        {
            "change": tuple(Choice(c, _zh(t)) for c, t in (("better", "变好"), ("same", "差不多"), ("worse", "变差"))),
            "pleased": tuple(Choice(c, _zh(t), mark=m) for c, t, m in pleased),
            "wishes": tuple(Choice(c, _zh(t)) for c, t in wishes),
        },
    )  # fmt: skip


def load_surveys(users: Mapping[str, Any], units: Mapping[str, Any], areas: Mapping[str, Any], now: datetime) -> None:
    """Enter the form and three waves.

    Args:
        users, units, areas: the demonstration's, by login, key and 居民区.
        now: the present.
    """
    forms.save_whole_form(by=SYSTEM, now=now - timedelta(days=85), code=FORM, form=_form(), kind="survey")
    dice = random.Random(30)  # noqa: S311  invented answers, not a secret
    former: Survey | None = None
    for n, days in enumerate((84, 40, 5)):
        at = now - timedelta(days=days)
        survey = _begin(users, units, areas, at, former, n)
        _answer(survey, areas, at, dice, n)
        if n < 2:  # the third runs
            _end(users, survey, at + timedelta(days=15))
        former = survey


def _begin(
    users: Mapping[str, Any], units: Mapping[str, Any], areas: Mapping[str, Any], at: datetime,
    former: Survey | None, wave: int,
) -> Survey:  # fmt: skip
    by, day = people.actor_for(users["lingdao"], at), people.local_day(at)
    data = SurveyData(
        title=f"文明创建满意度（第{'一二三'[wave]}次）", form=FORM, unit_id=units["centre"].pk, opens_on=day,
        closes_on=day + timedelta(days=14), ways=("qr",), intro="两分钟，不记名。请按您自己的感受回答。",
        former=former.uuid if former else None,
    )  # fmt: skip
    survey = services.plan(by=by, now=at, data=data)
    sizes = {a.code: 900 + 110 * n for n, (_name, a) in enumerate(sorted(areas.items())[:_HOMES])}
    frame = FrameData(sizes=sizes, seed=f"{day:%Y-%m-%d} 现场摇号", margin=5, least=30)
    survey = services.set_frame(by=by, now=at, survey=survey, expected=survey.version, data=frame)
    aims = {"awareness": 80, "feeling": 60, "satisfaction": 85}
    survey = services.set_aims(by=by, now=at, survey=survey, expected=survey.version, aims=aims)
    return services.open_survey(by=by, now=at, survey=survey, expected=survey.version)


def _answer(survey: Survey, areas: Mapping[str, Any], at: datetime, dice: random.Random, wave: int) -> None:
    known, better, pleased = _MOODS[wave]
    homes = [a.code for _name, a in sorted(areas.items())[:_HOMES]]
    count = _SHEETS * _HOMES if wave < 2 else _RUNNING  # the third runs
    for n in range(count):
        said = {
            "known": "yes" if dice.randrange(100) < known else "no",
            "work": {
                "feel": "better" if dice.randrange(100) < better else dice.choice(("same", "worse")),
                "score": dice.choice(("very", "rather"))
                if dice.randrange(100) < pleased
                else dice.choice(("fair", "not")),
            },
            "wishes": [dice.choice(("parking", "clean", "corridor", "pets"))],
        }
        # The last one has few answers: what is too little is not shown.
        home = homes[n % len(homes)] if n % len(homes) != len(homes) - 1 or n < 3 * len(homes) else homes[0]
        services.answer(now=at + timedelta(hours=n % 200), survey=survey, way="qr", area_code=home, answers=said)


def _end(users: Mapping[str, Any], survey: Survey, at: datetime) -> None:
    by = people.actor_for(users["lingdao"], at)
    done = services.close_survey(by=by, now=at, survey=survey)
    services.release(by=by, now=at + timedelta(days=1), survey=done, expected=done.version)
