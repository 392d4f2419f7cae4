"""A visit that gives, asks and notes: the form, a household, a shop, a round, and one filled form sent in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from linli.engines.fieldwork import services
from linli.engines.fieldwork.models import Submission, Target, Visit
from linli.engines.fieldwork.types import Choice as Chosen
from linli.engines.fieldwork.types import How, Packet, RoundData, TargetData, TargetFilter
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.ids import uuid7
from linli.foundation.forms import services as forms
from linli.foundation.forms.types import Choice, Group, Question, QuestionType, Settings, WholeForm

Q = QuestionType


def q(code: str, kind: QuestionType = Q.TEXT, label: str = "", **more: Any) -> Question:
    """Return a question with its label in Chinese."""
    return Question(code, kind, {"zh-hans": label or code}, **more)


def zh(text: str) -> dict[str, str]:
    """Return a text in Chinese."""
    return {"zh-hans": text}


HOME = WholeForm(
    Settings("居民走访", "visit.home"),
    (
        Group(
            "gift",
            (
                q("leaflet", Q.CHOICES, "送宣传", list="leaflets", extra={"given": "publicity", "quantity": "copies"}),
                q("copies", Q.INTEGER, "份数"),
                q("service", Q.TEXT, "送服务", extra={"given": "service"}),
                q("resource", Q.TEXT, "送资源", extra={"given": "resource", "quantity": "pieces"}),
                q("pieces", Q.DECIMAL, "数量"),
            ),
            zh("送出"),
        ),
        q("need", Q.LONG_TEXT, "需求", extra={"need": "yes"}),
        q("need_owner", Q.LONG_TEXT, "要城管办的需求", extra={"need": "yes", "owner": "城管"}),
        q("wires", Q.YES_NO, "飞线充电", finds=".", extra={"category": "flying_wires"}),
        Group(
            "person",
            (
                q("health", Q.TEXT, "身体情况", personal=True,
                  extra={"noted": "安排上门照护", "consent": "agrees", "keep_days": "30"}),
                q("phone2", Q.PHONE, "联系电话", personal=True,
                  extra={"noted": "回访", "consent": "agrees", "fact": "phone"}),
                q("agrees", Q.YES_NO, "本人同意保存"),
            ),
            zh("个人情况"),
        ),
    ),
    {"leaflets": (Choice("fire", zh("消防宣传单")), Choice("fraud", zh("反诈宣传单")))},
)  # fmt: skip


def enter_visit_form(now: Any, form: WholeForm = HOME, kind: str = "visit") -> None:
    """Save a form as its designer would."""
    forms.save_whole_form(by=SYSTEM, now=now, code=form.settings.form_id, form=form, kind=kind)


def enter_target(world: Any, kind: str, name: str, **more: Any) -> Target:
    """Enter a target of a ledger in 陶家宅."""
    area = more.pop("area", world.areas["陶家宅"])
    data = TargetData(kind, name, area_id=area.pk, **{"address": "长宁路 488 弄 12 号", **more})
    return services.add_target(by=SYSTEM, now=world.now, data=data, double_ok=True)


def open_round(world: Any, targets: list[Target], form: str = "visit.home", who: str = "shuji", **more: Any) -> Any:
    """Plan and open a round of the programme over these targets."""
    by, day = world.actor(who), world.now.date()
    kind = targets[0].kind.code
    data = RoundData(**{
        "title": "春季走访", "form": form, "unit_id": world.units["@陶家宅"].pk, "starts_on": day,
        "ends_on": day + timedelta(days=30), "programme": "visits", "area_id": world.areas["陶家宅"].pk,
        "choice": Chosen(How.LIST, TargetFilter((kind,)), tuple(t.uuid for t in targets)), **more,
    })  # fmt: skip
    made = services.plan_round(by=by, now=world.now, data=data)
    return services.open_round(by=by, now=world.now, uuid=made.uuid, expected=made.version)


def send(world: Any, round_: Any, target: Target, answers: dict[str, Any], who: str = "shegong", **more: Any) -> Any:
    """Send one filled form about a target of the round; return the record."""
    visit = Visit.objects.get(round=round_, target=target)
    given = {
        "uuid": uuid7(), "form": round_.form.code, "version": 1, "answers": answers, "made_at": world.now,
        "visit": visit.uuid, **more,
    }  # fmt: skip
    services.submit(by=world.actor(who), now=more.pop("now", world.now), packet=Packet(**given))
    return Submission.objects.get(uuid=given["uuid"])
