"""Shipped forms filled as somebody on the street fills them: what is asked is answered, pictures are real."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from linli.engines.fieldwork.models import Submission, Visit
from linli.engines.fieldwork.services.submitting import moment_of
from linli.foundation.core.ids import uuid7
from linli.foundation.files import services as files
from linli.foundation.forms import rules, selectors
from linli.foundation.forms.rules.shape import Shape
from linli.foundation.forms.tests.test_shipped import answer
from linli.foundation.forms.types import UNSEEN, UPLOADS, Group, QuestionType, WholeForm
from linli.interfaces.cli.demo.pictures import draw_picture

Q = QuestionType
PATH = "/desk/fieldwork/visits/{}/fill/"


def put(answers: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at ``group/repeat[2]/code``."""
    *above, last = path.split("/")
    for step in above:
        name, _bracket, number = step.partition("[")
        inner = answers.setdefault(name, [{}] if number else {})
        answers = inner[int(number[:-1]) - 1] if number else inner
    answers[last] = value


def at(answers: Any, path: str) -> Any:
    """Return the value at ``group/code``, None for none."""
    for step in path.split("/"):
        answers = (answers or {}).get(step)
    return answers


def _answers(form: WholeForm, items: Any, day: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in items:
        if isinstance(item, Group):
            if not item.repeat:
                found[item.code] = _answers(form, item.items, day)
        elif item.type in {Q.DATE, Q.DATETIME}:
            found[item.code] = day if item.type is Q.DATE else f"{day}T09:30"
        elif item.type is Q.YES_NO:
            found[item.code] = False
        elif item.type not in UPLOADS | UNSEEN | {Q.NOTE, Q.ACKNOWLEDGE}:
            found[item.code] = answer(form, item, "yes")
    found.pop("next", None)
    return found


class Filler:
    """Somebody who fills forms at the desk's page."""

    def __init__(self, now: Any, by: Any, client: Any) -> None:
        """Remember who, and how many pictures were taken."""
        self.now, self.by, self.client, self.taken = now, by, client, 0

    def shot(self) -> str:
        """Take a picture that nobody took before."""
        self.taken += 1
        content = draw_picture(self.taken + 40, "after")
        row = files.store(by=self.by, now=self.now, content=content, name="x.jpg", purpose="fieldwork")
        return str(row.uuid)

    def answers(self, code: str, **told: Any) -> dict[str, Any]:
        """Return answers to all that is asked: nothing wrong, nothing needed, but for what is ``told`` by path."""
        form = selectors.whole_form(code)
        found = _answers(form, form.items, self.now.date().isoformat())
        for path, value in told.items():
            put(found, path, deepcopy(value))
        leave = {path for path, value in told.items() if value is None}
        places = {"/".join(p.path): p.item for p in Shape.of(form).places}
        for _round in range(3):
            checked = rules.check_form(form, found, moment=moment_of(self.now))
            for path in checked.errors:
                bare = "/".join(step.partition("[")[0] for step in path.split("/"))
                item = places[bare]
                if path not in leave and item.type in UPLOADS:
                    shots = [self.shot() for _n in range(max(item.least, 1))]
                    put(found, path, shots if item.type is Q.PHOTO else shots[0])
        return found

    def page(self, visit: Visit) -> dict[str, Any]:
        """Return what the page of a visit fills in of what is known."""
        shown = self.client.get(PATH.format(visit.uuid))
        assert shown.status_code == 200
        return dict(shown.context["given"]["defaults"])

    def post(self, visit: Visit, answers: dict[str, Any]) -> Any:
        """Send what was filled."""
        sent = {"uuid": str(uuid7()), "answers": answers, "made_at": self.now.isoformat()}
        return self.client.post(PATH.format(visit.uuid), json.dumps(sent), content_type="application/json")

    def send(self, visit: Visit, answers: dict[str, Any]) -> Submission:
        """Send what was filled, which is taken; return the record."""
        got = self.post(visit, answers)
        assert got.status_code == 200, got.content.decode()[:600]
        return Submission.objects.get(uuid=got.json()["url"].rstrip("/").split("/")[-1])
