"""The demonstration's documents: what their pages show."""

import types
from typing import Any

import pytest

from linli.interfaces.cli.demo.documents import load_documents
from linli.interfaces.desk.tests.help import enter
from linli.programmes.documents.models import Document

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_the_demonstration_shows_minutes_with_their_tasks_and_a_plan_with_a_gap(world):
    simulation: Any = types.SimpleNamespace(users=world.users, units=world.units, end=world.now)
    load_documents(simulation)
    client = enter(world, "lingdao")
    minutes = Document.objects.get(kind="minutes")
    page = client.get(f"/desk/documents/{minutes.uuid}/").content.decode()
    for words in ("已办结 1 条", "街道党工委书记", "已会同物业清理", "已核对"):
        assert words in page
    plan = Document.objects.get(kind="plan", version=2)
    page = client.get(f"/desk/documents/{plan.uuid}/plan/").content.decode()
    for words in ("还没有单位承担", "宣传引导", "楼组长每周两次巡查"):
        assert words in page
    assert client.get("/desk/documents/").content.decode().count("celllink") == Document.objects.count()
