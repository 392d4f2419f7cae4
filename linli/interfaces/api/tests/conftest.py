"""Tokens, a case in hand, and programs that ask."""

import json
from datetime import datetime
from typing import Any

import pytest
from django.test import Client as Browser

from linli.engines.cases.models import Case
from linli.foundation.accounts import services as accounts
from linli.foundation.accounts.types import TokenScope
from linli.foundation.core import clock
from linli.foundation.people.models import Appointment
from tests.access.cast import set_stage

ALL = tuple(TokenScope.values)


class Program:
    """A program with a token, asking through Django's test client."""

    def __init__(self, secret: str) -> None:
        self.secret, self.browser = secret, Browser()

    def ask(self, method: str, address: str, body: Any = None, **headers: str) -> Any:
        head = {"HTTP_AUTHORIZATION": f"Bearer {self.secret}"} if self.secret else {}
        head |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        more = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return getattr(self.browser, method.lower())(f"/api/v1{address}", **more, **head)

    def get(self, address: str, **headers: str) -> Any:
        return self.ask("get", address, **headers)

    def post(self, address: str, body: Any, **headers: str) -> Any:
        return self.ask("post", address, body, **headers)


class Site:
    """The stage with a token for anybody who is asked for; ``at`` is the server's time, where that is not frozen."""

    def __init__(self, stage: Any, at: datetime | None = None) -> None:
        self.stage, self.world = stage, stage.world
        self.at = at or self.world.now
        self.secrets: dict[Any, str] = {}

    @property
    def case(self) -> Case:
        return Case.objects.get(pk=self.stage.cases["handling"].pk)

    def secret(self, walker: str, scopes: Any = ALL, per_minute: int = 6000) -> str:
        key = (walker, tuple(scopes))
        if key not in self.secrets:
            _row, self.secrets[key] = accounts.create_token(
                by=self.stage.actor(walker), now=self.at, user=self.stage.users[walker],
                name=f"{len(self.secrets)}", scopes=scopes, days=300, per_minute=per_minute,
            )  # fmt: skip
        return self.secrets[key]

    def program(self, walker: str, scopes: Any = ALL) -> Program:
        return Program(self.secret(walker, scopes))

    def connected(self, walker: str, scopes: Any = ALL) -> Program:
        """Return a connected program that holds the post of somebody."""
        by, now = self.stage.actor("system_admin"), self.world.now
        user = accounts.create_program(by=by, now=now, name="对接程序")
        held = Appointment.objects.filter(user=self.stage.users[walker]).first()
        Appointment.objects.create(user=user, post=held.post, starts_on=held.starts_on)
        _row, secret = accounts.create_token(
            by=by, now=now, user=user, name="对接", scopes=scopes, days=300, per_minute=6000
        )
        return Program(secret)


@pytest.fixture
def site(world):
    with clock.frozen(world.now):
        yield Site(set_stage(world))
