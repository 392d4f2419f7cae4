"""What a process remembers of categories and routing rules: another's change is seen, a rolled-back one never was."""

import threading

import pytest
from django.db import connection, transaction

from linli.engines.cases import services
from linli.engines.cases.models import Category
from linli.engines.cases.selectors import catalogue, routing
from linli.foundation.core import namespaces
from linli.foundation.core.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
SPEC = {"code": "drone", "name": "无人机扰民"}


def elsewhere(work):
    """Do ``work`` on a connection of its own, without this process's memory being told: as another process would."""
    kept, failed = dict(catalogue._kept._kept), []

    def run():
        namespaces.set_process_default("main")
        try:
            work()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert not failed, failed
    catalogue._kept._kept.update(kept)


def look_again(monkeypatch):
    monkeypatch.setattr(catalogue._kept, "seconds", 0.0)


def test_a_rule_switched_off_on_another_connection_is_noticed(world, monkeypatch):
    known = catalogue.routing_rules()
    rules = [dict(r) for r in routing.in_force()]
    rules[0]["active"] = False  # no row is added: the newest ids say nothing of it
    elsewhere(lambda: services.save_rules(by=SYSTEM, now=world.now, rules=rules, reason="停用"))
    assert catalogue.routing_rules() == known  # believed for some seconds
    look_again(monkeypatch)
    assert [r.id for r in catalogue.routing_rules()] == [r.id for r in known[1:]]


def test_a_category_switched_off_on_another_connection_is_noticed(world, monkeypatch):
    assert catalogue.category("noise") is not None
    elsewhere(lambda: Category.objects.filter(code="noise").update(active=False))
    look_again(monkeypatch)
    assert catalogue.category("noise") is None


def test_what_is_not_committed_is_seen_here_alone_and_forgotten_with_the_transaction(world):
    assert catalogue.category("drone") is None
    seen = []

    with transaction.atomic():
        services.save_category(by=SYSTEM, now=world.now, spec=SPEC)
        assert catalogue.category("drone") is not None
        if connection.vendor == "postgresql":  # on SQLite a second connection waits for the first
            elsewhere(lambda: seen.append(catalogue.category("drone")))
        transaction.set_rollback(True)
    assert catalogue.category("drone") is None
    assert seen in ([], [None])


def test_what_is_committed_counts_at_once(world):
    with transaction.atomic():
        services.save_category(by=SYSTEM, now=world.now, spec=SPEC)
    assert catalogue.category("drone") is not None
