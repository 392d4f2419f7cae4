"""What a process keeps for some seconds, and what it keeps while a stamp is the same."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from linli.foundation.core import kept as kept_module
from linli.foundation.core import namespaces, versioned
from linli.foundation.core.kept import Kept
from linli.foundation.core.versioned import Versioned


class Watch:
    """A clock that moves when told, and a reader that counts."""

    def __init__(self):
        self.now, self.reads, self.stamp = 100.0, 0, "a"

    def monotonic(self):
        return self.now

    def read(self, *_):
        self.reads += 1
        return self.reads


@pytest.fixture
def watch(monkeypatch):
    found = Watch()
    monkeypatch.setattr(kept_module, "time", found)
    monkeypatch.setattr(versioned, "time", found)
    return found


@pytest.fixture
def keep():
    made = Kept(5.0)
    yield made
    Kept.every.remove(made)


@pytest.fixture
def keep_version():
    made = []

    def make(watch):
        made.append(Versioned(lambda: watch.stamp, watch.read, 5.0))
        return made[-1]

    yield make
    for one in made:
        Versioned.every.remove(one)


def test_a_value_is_read_again_when_its_seconds_are_over(watch, keep):
    assert [keep.get(watch.read), keep.get(watch.read)] == [1, 1]
    watch.now += 5.0
    assert keep.get(watch.read) == 1
    watch.now += 0.1
    assert keep.get(watch.read) == 2


def test_values_are_apart_by_key_and_by_namespace_and_forgotten_by_namespace(watch, keep):
    assert [keep.get(watch.read, "x"), keep.get(watch.read, "y"), keep.get(watch.read, "x")] == [1, 2, 1]
    with namespaces.use("other"):
        assert keep.get(watch.read, "x") == 3
    keep.forget()
    assert keep.get(watch.read, "x") == 4
    with namespaces.use("other"):
        assert keep.get(watch.read, "x") == 3
    keep.clear()
    with namespaces.use("other"):
        assert keep.get(watch.read, "x") == 5


def test_what_is_kept_has_an_end(watch, keep, monkeypatch):
    monkeypatch.setattr(kept_module, "_MOST", 3)
    for key in range(4):
        keep.get(watch.read, key)
    assert len(keep._values) == 1


def test_a_stamp_is_looked_at_after_its_seconds_and_the_value_read_only_if_it_changed(watch, keep_version):
    found = keep_version(watch)
    assert [found.get(), found.get()] == [1, 1]
    watch.now += 6.0
    assert found.get() == 1
    watch.stamp = "b"
    assert found.get() == 1
    watch.now += 6.0
    assert found.get() == 2


@pytest.mark.django_db(transaction=True)
def test_a_transaction_reads_what_it_changed_and_a_rollback_forgets_it(watch, keep_version):
    found = keep_version(watch)
    assert found.get() == 1
    with transaction.atomic():
        found.changed()
        assert [found.get(), found.get()] == [2, 2]
        transaction.set_rollback(True)
    assert found.get() == 1
    with transaction.atomic():
        found.changed()
        assert found.get() == 3
    assert not connection.in_atomic_block
    assert found.get() == 4
