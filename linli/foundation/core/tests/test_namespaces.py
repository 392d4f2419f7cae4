import random
import threading

import pytest
from django.db import DatabaseError, connection, connections, transaction

from linli.foundation.core import namespaces
from linli.foundation.core.db.postgresql.base import NamespaceChangedInTransactionError as PostgresRefusal
from linli.foundation.core.db.sqlite3.base import NamespaceChangedInTransactionError as SqliteRefusal
from linli.foundation.core.db.sqlite3.base import OneNamespaceError
from linli.foundation.core.namespaces import BadNamespaceError, NoNamespaceError, check_name
from linli.settings import database

NAMES = ["leak_a", "leak_b", "leak_c"]
MORE = {"TIME_ZONE": None, "ATOMIC_REQUESTS": False, "AUTOCOMMIT": True}
REFUSALS = (PostgresRefusal, SqliteRefusal)


@pytest.fixture
def alias(tmp_path, request, django_db_blocker):
    """An alias of a database that holds the namespaces ``NAMES``, each with its own name in ``marker``."""
    if connection.vendor == "postgresql":
        request.getfixturevalue("django_db_setup")
        with django_db_blocker.unblock():
            yield from prepared("default")
        return
    with django_db_blocker.unblock():
        name = "leak"
        connections.settings[name] = connections.settings["default"] | database(f"sqlite:{tmp_path}") | MORE
        yield from prepared(name)
        connections[name].close()
        del connections[name]
        del connections.settings[name]


def prepared(name):
    for namespace in NAMES:
        with namespaces.use(namespace):
            connections[name].prepare_database()
            with connections[name].cursor() as cursor:
                cursor.execute("CREATE TABLE marker (name VARCHAR(20))")
                cursor.execute("INSERT INTO marker VALUES (%s)", [namespace])
    yield name
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for namespace in NAMES:
                cursor.execute(f'DROP SCHEMA "{namespace}" CASCADE')


def marker(alias):
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT name FROM marker")
        return cursor.fetchall()


def plain(alias):
    return marker(alias)


def in_transaction(alias):
    with transaction.atomic(using=alias):
        return marker(alias)


def rolled_back(alias):
    with pytest.raises(ZeroDivisionError), transaction.atomic(using=alias):  # noqa: PT012
        marker(alias)
        with connections[alias].cursor() as cursor:
            cursor.execute("UPDATE marker SET name = 'wrong'")
        raise ZeroDivisionError
    return marker(alias)


def rolled_back_to_a_savepoint(alias):
    with transaction.atomic(using=alias):
        with pytest.raises(ZeroDivisionError), transaction.atomic(using=alias):  # noqa: PT012
            marker(alias)
            raise ZeroDivisionError
        return marker(alias)


def failed_statement(alias):
    with pytest.raises(DatabaseError), transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")
    return marker(alias)


def failed_outside(alias):
    with pytest.raises(DatabaseError), connections[alias].cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")
    return marker(alias)


def reconnected(alias):
    connections[alias].close()
    return marker(alias)


def without_autocommit(alias):
    connections[alias].set_autocommit(False)
    try:
        found = marker(alias)
        connections[alias].rollback()
        return marker(alias) if marker(alias) == found else None
    finally:
        connections[alias].rollback()
        connections[alias].set_autocommit(True)


def changed_inside(alias):
    other = next(n for n in NAMES if n != namespaces.current())
    with transaction.atomic(using=alias):
        found = marker(alias)
        with namespaces.use(other), pytest.raises(REFUSALS):
            marker(alias)
    return found


WAYS = [plain, in_transaction, rolled_back, rolled_back_to_a_savepoint, failed_statement, failed_outside,
        reconnected, without_autocommit, changed_inside]  # fmt: skip


@pytest.mark.slow
def test_no_namespace_ever_sees_another_ones_rows(alias):
    checks, wrong, failures = [], [], []

    def work(seed):
        luck = random.Random(seed)
        try:
            for _ in range(180):
                name, way = luck.choice(NAMES), luck.choice(WAYS)
                with namespaces.use(name):
                    found = way(alias)
                checks.append(1)
                if found != [(name,)]:
                    wrong.append((way.__name__, name, found))
        except BaseException as error:
            failures.append(error)
        finally:
            connections[alias].close()

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert wrong == []
    assert len(checks) == 1440


def test_a_change_inside_a_transaction_is_refused(alias):
    with namespaces.use("leak_a"):
        assert changed_inside(alias) == [("leak_a",)]
        with transaction.atomic(using=alias), namespaces.use("leak_b"), pytest.raises(REFUSALS):
            transaction.savepoint(using=alias)
        assert marker(alias) == [("leak_a",)]


def test_without_a_namespace_nothing_is_served(alias):
    with namespaces.use("leak_a"):
        marker(alias)
    namespaces.set_process_default(None)
    try:
        with pytest.raises(NoNamespaceError):
            marker(alias)
        connections[alias].close()
        with pytest.raises(NoNamespaceError):
            marker(alias)
    finally:
        namespaces.set_process_default("main")
        connections[alias].close()


@pytest.mark.django_db(transaction=True)
def test_between_requests_the_connection_rests_without_a_namespace(alias):
    """Django looks after its connections before the middleware has chosen: a server's second request met this."""
    with namespaces.use("leak_a"), connections[alias].cursor() as cursor:
        cursor.execute("SELECT 1")
    namespaces.set_process_default(None)
    try:
        connections[alias].close_if_unusable_or_obsolete()
        with pytest.raises(NoNamespaceError):
            connections[alias].cursor()
    finally:
        namespaces.set_process_default("main")


@pytest.mark.only_on("sqlite", reason="of SQLite in memory")
def test_a_single_database_refuses_other_namespaces():
    with namespaces.use("leak_a"), pytest.raises((OneNamespaceError, *REFUSALS)), connection.cursor():
        pass


@pytest.mark.parametrize(
    "name", ["", "A", "1a", "a-b", "a.b", 'a"b', "a b", "a/../b", "public", "pg_x", "default", "a" * 49, "街道", "a\n"]
)
def test_bad_names_are_refused(name):
    with pytest.raises(BadNamespaceError):
        check_name(name)
    with pytest.raises(BadNamespaceError), namespaces.use(name):
        pass


def test_threads_have_their_own_namespace():
    seen = []
    with namespaces.use("leak_a"):
        thread = threading.Thread(target=lambda: seen.append(namespaces.current()))
        thread.start()
        thread.join()
        assert namespaces.current() == "leak_a"
    assert seen == ["main"]
