"""The console's first page: each role finds what it may open, others find no such page."""

import pytest
from django.test import Client

from tests.login import log_in

pytestmark = pytest.mark.django_db


def home(world, user):
    answer = log_in(Client(), world.users[user]).get("/console/")
    return answer.status_code, answer.content.decode()


def test_the_administrator_finds_the_jobs_and_the_grids(world):
    status, text = home(world, "xitong")
    assert status == 200
    assert 'href="/console/jobs/"' in text
    assert 'href="/console/grid/"' in text


def test_a_reader_finds_only_what_they_may_open(world):
    status, text = home(world, "wanggezhang")
    assert status == 200
    assert 'href="/console/grid/"' in text
    assert 'href="/console/jobs/"' not in text


def test_to_those_who_may_open_nothing_it_does_not_exist(world):
    assert home(world, "chengguan")[0] == 404
