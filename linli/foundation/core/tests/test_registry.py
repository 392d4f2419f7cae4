import pytest
from django.core.handlers.exception import convert_exception_to_response
from django.db import connection, connections
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from linli.foundation.core import middleware, namespaces, provision
from linli.foundation.core.namespaces import BadNamespaceError
from linli.foundation.core.registry import Namespace, Registry
from linli.settings import database


@pytest.fixture
def registry(tmp_path, monkeypatch, settings):
    found = Registry(tmp_path / "registry.sqlite3", "main")
    monkeypatch.setattr(middleware, "registry", lambda: found)
    monkeypatch.setattr(provision, "registry", lambda: found)
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", ".localhost", "[::1]", "linli.example.cn", ".street.cn"]
    return found


def ask(host):
    view = middleware.NamespaceMiddleware(lambda request: HttpResponse(namespaces.current()))
    answer = convert_exception_to_response(view)(RequestFactory().get("/", headers={"host": host}))
    assert isinstance(answer, HttpResponse)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("127.0.0.1", "main"), ("127.0.0.1:8000", "main"), ("localhost:8000", "main"), ("LOCALHOST", "main"),
        ("[::1]:8000", "main"), ("[::1]", "main"), ("main.localhost", "main"), ("demo.localhost:8000", "demo"),
        ("Demo.LocalHost", "demo"), ("two-words.localhost", "two_words"), ("linli.example.cn", "main"),
        ("huayang.street.cn", "demo"),
    ],
)  # fmt: skip
def test_hosts_lead_to_their_namespace(registry, host, name):
    registry.add("demo", title="演示", demo=True)
    registry.add_host("Huayang.street.cn", "demo")
    registry.add("two_words")
    assert ask(host) == (200, name)


def test_a_stream_read_after_the_view_is_made_on_its_namespace(registry):
    registry.add("demo")
    kept = namespaces.current_or_none()
    namespaces.set_process_default(None)
    try:

        def view(_request):
            return StreamingHttpResponse(namespaces.current().encode() for _ in range(2))

        answer = middleware.NamespaceMiddleware(view)(RequestFactory().get("/", headers={"host": "demo.localhost"}))
        assert isinstance(answer, StreamingHttpResponse)
        chunks = []
        for chunk in answer:
            chunks.append(chunk)
            assert namespaces.current_or_none() is None, "the namespace leaks into whoever reads"
        assert chunks == [b"demo", b"demo"]
    finally:
        namespaces.set_process_default(kept)


@pytest.mark.parametrize(
    "host",
    ["other.localhost", "a.demo.localhost", "unknown.street.cn", "xn--fiq.localhost", "pg-catalog.localhost",
     "main.street.cn", "demo.localhost.street.cn"],
)  # fmt: skip
def test_unknown_hosts_are_answered_404(registry, host):
    registry.add("demo")
    assert ask(host)[0] == 404


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "[2001:db8::1]", "localhost@evil.example", "", "a\"b.localhost",
             "../main", "demo.localhost/../x"],
)  # fmt: skip
def test_forged_host_headers_get_no_page(registry, host):
    registry.add("demo")
    assert ask(host)[0] == 400


def test_a_namespace_entered_by_another_process_is_seen(registry):
    assert ask("new.localhost")[0] == 404
    Registry(registry.path, "main").add("new", title="新")
    assert ask("new.localhost") == (200, "new")
    assert registry.all() == [Namespace("new", "新", False)]


def test_a_bad_name_never_enters_the_registry(registry):
    with pytest.raises(BadNamespaceError):
        registry.add("../main")


@pytest.fixture
def alias(tmp_path, request, django_db_blocker):
    if connection.vendor == "postgresql":
        request.getfixturevalue("django_db_setup")
        with django_db_blocker.unblock():
            yield "default"
            with connection.cursor() as cursor:
                cursor.execute('DROP SCHEMA IF EXISTS "made_one" CASCADE')
        return
    more = {"TIME_ZONE": None, "ATOMIC_REQUESTS": False, "AUTOCOMMIT": True}
    connections.settings["made"] = connections.settings["default"] | database(f"sqlite:{tmp_path / 'ns'}") | more
    with django_db_blocker.unblock():
        yield "made"
        connections["made"].close()
    del connections["made"]
    del connections.settings["made"]


@pytest.mark.slow
def test_create_namespace_makes_its_tables_and_enters_it(registry, tmp_path, alias):
    assert provision.create_namespace("made_one", "一街道", demo=True, database=alias).demo
    provision.create_namespace("made_one", "一街道", demo=True, database=alias)
    with namespaces.use("made_one"), connections[alias].cursor() as cursor:
        tables = connections[alias].introspection.table_names(cursor)
        assert {"journal_entry", "jobs_job", "django_migrations"} <= set(tables)
        cursor.execute("SELECT count(*) FROM journal_entry")
        assert cursor.fetchone() == (0,)
    assert registry.for_host("made-one.localhost") == "made_one"
    if alias == "made":
        assert [p.name for p in (tmp_path / "ns").glob("*.sqlite3")] == ["made_one.sqlite3"]
