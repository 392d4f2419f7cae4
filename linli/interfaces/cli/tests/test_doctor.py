"""The doctor's look at how PostgreSQL is reached."""

from itertools import count

import pytest
from django.db import connection

from linli.foundation.core import clock
from linli.interfaces.cli import doctor


class Backend:
    """What stands for one server process of PostgreSQL: its id and its settings."""

    ids = count(100)

    def __init__(self):
        self.pid, self.settings = next(self.ids), {}

    def run(self, statement, values):
        if "set_config" in statement:
            self.settings["linli.doctor"] = values[0]
        if "current_setting" in statement:
            return self.settings.get("linli.doctor")
        return self.pid


class Pool:
    """A transaction pooler: each transaction runs on the backend that was free last."""

    def __init__(self, size=2):
        self.free = [Backend() for _n in range(size)]

    def client(self):
        held = []

        def ask(statement, values=()):
            if statement == "BEGIN":
                held.append(self.free.pop())
                return None
            if statement == "ROLLBACK":
                self.free.append(held.pop())
                return None
            return (held[-1] if held else self.free[-1]).run(statement, values)

        return ask


def direct():
    backend = Backend()
    return lambda statement, values=(): backend.run(statement, values)


def test_a_transaction_pooler_is_told_from_connections_of_ones_own():
    pool = Pool()
    assert doctor.shares_backends(pool.client(), pool.client())
    assert len(pool.free) == 2  # nothing stays held
    assert not doctor.shares_backends(direct(), direct())


@pytest.mark.django_db(transaction=True)
def test_a_database_reached_directly_is_in_order():
    found = list(doctor._pooler(clock.now()))
    if connection.vendor == "postgresql":
        assert [(f.name, f.ok) for f in found] == [("数据库连接", True)]
    else:
        assert found == []
