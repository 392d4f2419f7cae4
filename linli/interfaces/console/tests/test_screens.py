"""The screens' page: a link is made after the password, shown once, and revoked."""

import re

import pytest
from django.test import Client

from linli.foundation.accounts.models import Screen
from linli.foundation.core import clock
from linli.interfaces.wall import figures
from tests.login import confirm, log_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(world):
    figures.forget()
    with clock.frozen(world.now):
        yield world
    figures.forget()


def test_a_link_is_made_shown_once_and_revoked(at):
    client = log_in(Client(), at.users["xitong"])
    assert "还没有屏幕" in client.get("/console/screens/").content.decode()
    sent = {"name": "城运中心大厅", "days": "30"}
    assert client.post("/console/screens/create/", sent)["Location"].startswith("/account/confirm/")
    confirm(client, at.now)
    made = client.post("/console/screens/create/", sent).content.decode()
    (link,) = re.findall(r'id="screen-link">http://testserver(/wall/screen/[\w-]+/)<', made)
    assert Client().get(link).status_code == 200
    listed = client.get("/console/screens/").content.decode()
    assert "城运中心大厅" in listed
    assert link not in listed
    row = Screen.objects.get()
    client.post(f"/console/screens/{row.uuid}/revoke/", {"reason": "撤下"})
    assert Client().get(link).status_code == 404
    again = client.post(f"/console/screens/{row.uuid}/revoke/", follow=True)
    assert "已经撤销" in again.content.decode()


@pytest.mark.parametrize(
    ("sent", "says"), [({"name": " ", "days": "3"}, "name"), ({"name": "x", "days": "999"}, "366")]
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(at, sent, says):
    client = confirm(log_in(Client(), at.users["xitong"]), at.now)
    answer = client.post("/console/screens/create/", sent)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert f'value="{sent["days"]}"' in answer.content.decode()
    assert not Screen.objects.exists()
