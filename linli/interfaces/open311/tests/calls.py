"""The town that the tests ask, and how they ask it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from linli.engines.cases import services
from linli.engines.cases.models import Case
from linli.engines.cases.types import Contact, FeedbackWay, Report
from linli.foundation.accounts import services as accounts
from linli.foundation.core.actors import GUEST
from linli.foundation.core.coordinates import Point

HERE = (31.2215, 121.4195)
V2 = "/open311/v2"
QUESTIONS: dict[str, Any] = {
    "questions": [
        {"code": "intro", "type": "note", "label": {"zh-hans": "请远离现场"}},
        {"code": "since", "type": "date", "label": {"zh-hans": "从哪天开始"}},
        {"code": "kind", "type": "choice", "label": {"zh-hans": "是哪一种"}, "required": True,
         "choices": [{"code": "household", "label": {"zh-hans": "生活垃圾"}},
                     {"code": "bulky", "label": {"zh-hans": "大件垃圾"}}]},
        {"code": "smells", "type": "choices", "label": {"zh-hans": "有什么情况"},
         "choices": [{"code": "smell", "label": {"zh-hans": "有异味"}},
                     {"code": "flies", "label": {"zh-hans": "有蚊蝇"}}]},
        {"code": "bags", "type": "integer", "label": {"zh-hans": "大约几袋"}},
        {"code": "blocked", "type": "yes_no", "label": {"zh-hans": "是否挡住通道"}},
        {"code": "more", "type": "long_text", "label": {"zh-hans": "补充说明"}},
        {"code": "pictures", "type": "photo", "label": {"zh-hans": "照片"}},
    ]
}  # fmt: skip


GOOD = {"service_code": "noise", "lat": HERE[0], "long": HERE[1], "description": "夜里施工"}


def get(client, path, **params):
    return client.get(f"{V2}/{path}", params)


def send(client, town, fmt="json", **fields):
    data = {"api_key": town.key, **GOOD, **fields}
    return client.post(f"{V2}/requests.{fmt}", {k: v for k, v in data.items() if v is not None})


@dataclass
class Town:
    """The world with cases that residents see, and a program with its key."""

    world: Any
    program: Any
    key: str
    prefix: str

    @property
    def now(self):
        return self.world.now

    def report(self, category="garbage", *, days=2.0, text="垃圾堆了三天没人清", by=GUEST, **fields):
        at = self.now - timedelta(days=days)
        fields.setdefault("address", "长宁路 488 弄 12 号 302 室")
        contact = Contact(name="王秀英", phone="13812345678", way=FeedbackWay.PHONE)
        report = Report(text=text, category=category, point=Point(*HERE), contact=contact, **fields)
        return Case.objects.get(pk=services.report(by=by, now=at, report=report).case_id)


def key_of(world, name="区平台", scopes=("open311",)):
    """Return a new program, its token's secret, and the token."""
    by = world.actor("xitong")
    program = accounts.create_program(by=by, now=world.now, name=name)
    token, secret = accounts.create_token(
        by=by, now=world.now, user=program, name=name, scopes=scopes, days=30, per_minute=6000
    )
    return program, secret, token


def settle(world):
    """Return the town with six cases of the same place in public."""
    program, secret, token = key_of(world)
    made = Town(world, program, secret, token.prefix)
    for n in range(6):
        made.report(days=2 + n)
    return made
