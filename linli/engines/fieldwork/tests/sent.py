"""Shorthand of the tests: a form, shops, a round with visits, packets and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count, pairwise
from typing import Any
from uuid import UUID

from linli.engines.fieldwork import services
from linli.engines.fieldwork.models import Kind, Round, Target, Visit
from linli.engines.fieldwork.rules.coverage import FOLLOWS, Link
from linli.engines.fieldwork.types import KindData, Packet, Receipt
from linli.foundation.accounts.models import User
from linli.foundation.core.ids import uuid7
from linli.foundation.files import services as files
from linli.foundation.forms import services as forms
from linli.foundation.forms.models import Form
from linli.foundation.forms.types import Choice, Group, Question, QuestionType, Score, Settings, WholeForm
from linli.interfaces.cli.demo.pictures import draw_picture
from tests.world import World

Q = QuestionType
_seeds = count(1)


def zh(text: str) -> dict[str, str]:
    return {"zh-hans": text}


def q(code: str, kind: QuestionType = Q.TEXT, label: str = "", **more: Any) -> Question:
    return Question(code, kind, zh(label or code), **more)


STATES = (Choice("good", zh("合格"), mark="1"), Choice("bad", zh("不合格"), mark="0"), Choice("none", zh("不适用")))
SHOP = WholeForm(
    Settings("门店检查", "shop_check"),
    (
        q("keeper", Q.TEXT, "店主姓名", personal=True),
        q("size", Q.DECIMAL, "面积"),
        q("memo", Q.LONG_TEXT, "备注"),
        q("opened", Q.DATE, "开业日期"),
        Group(
            "order",
            (
                q(
                    "goods", Q.CHOICE, "跨门经营", list="states", required=True, score=Score("10", spared=("none",)),
                    extra={
                        "category": "cross_door", "text": "跨门经营", "note": "goods_note", "mended": "goods_mended",
                        "before": "goods_before", "after": "goods_after",
                    },
                ),
                q("goods_note", Q.TEXT, "说明"),
                q("goods_mended", Q.YES_NO, "当场整改"),
                q("goods_before", Q.PHOTO, "整改前"),
                q("goods_after", Q.PHOTO, "整改后"),
            ),
            zh("门前秩序"),
        ),
        q("wires", Q.YES_NO, "飞线充电", finds=".", extra={"category": "flying_wires", "photos": "shot"}),
        q("smoke", Q.YES_NO, "油烟扰民", finds="."),
        q("shot", Q.PHOTO, "现场照片", most=3),
    ),
    {"states": STATES},
)  # fmt: skip


@dataclass
class Scene:
    """A round of three shops, of 城管中队, whose first two visits are 城管队员甲's."""

    world: World
    round: Round
    kind: Kind
    shops: list[Target] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)

    def packet(self, place: int | None = 0, /, **more: Any) -> Packet:
        """Return a filled form about the visit at ``place``; what passes, unless said otherwise."""
        answers = {"order": {"goods": "good"}, **more.pop("answers", {})}
        given: dict[str, Any] = {
            "uuid": uuid7(), "form": "shop_check", "version": 1, "answers": answers, "made_at": self.world.now,
            "visit": self.visits[place].uuid if place is not None else None,
        }  # fmt: skip
        return Packet(**(given | more))

    def send(self, packet: Packet, who: str = "chengguan", after: timedelta = timedelta()) -> Receipt:
        return services.submit(by=self.world.actor(who), now=self.world.now + after, packet=packet)

    def photo(self, who: str = "chengguan", after: timedelta = timedelta(), seed: int = 0) -> UUID:
        """Return the uuid of a picture that this person has just stored."""
        content = draw_picture(seed or next(_seeds), "after")
        by, now = self.world.actor(who), self.world.now + after
        return files.store(by=by, now=now, content=content, name="x.jpg", purpose="fieldwork").uuid

    def user(self, who: str) -> User:
        return self.world.users[who]


def in_order(chain: Sequence[Link]) -> bool:
    """Return whether each state of a finding may follow the one before."""
    return chain[0] is Link.FOUND and all(after in FOLLOWS[link] for link, after in pairwise(chain))


def scene(world: World, *, form: WholeForm = SHOP, **fields: Any) -> Scene:
    """Make the scene; ``fields`` are of the round."""
    code = form.settings.form_id
    forms.save_whole_form(by=world.actor("xitong"), now=world.now, code=code, form=form)
    asked = {"questions": [{"code": "size", "type": "decimal", "label": {"zh-hans": "面积"}}]}
    kind = services.save_kind(by=world.actor("xitong"), now=world.now, data=KindData("shop", "门店", questions=asked))
    area, day = world.areas["陶家宅"], world.now.date()
    values: dict[str, Any] = {
        "title": "门店检查", "form": Form.objects.get(code=code), "kind": kind,
        "unit": world.units["enforcement"], "starts_on": day, "ends_on": day + timedelta(days=30), "state": "open",
        "planned": 3, "created_label": "x", "created_at": world.now, "area": area, "area_path": area.path,
    }  # fmt: skip
    round_ = Round.objects.create(**(values | fields))
    made = Scene(world, round_, kind)
    for n in range(3):
        shop = Target.objects.create(
            kind=kind, name=f"小店{n + 1}", area=area, area_path=area.path, since=day, changed_at=world.now,
            address=f"长宁路 {488 + n} 弄",
        )  # fmt: skip
        made.shops.append(shop)
        made.visits.append(
            Visit.objects.create(
                round=round_,
                target=shop,
                occasion=day,
                due_on=day,
                unit=world.units["enforcement"],
                user=world.users["chengguan"] if n < 2 else None,
                area_path=area.path,
            )
        )
    return made
