"""The doctor: how PostgreSQL is reached, and all that can be out of order in an installation."""

import json
from datetime import timedelta
from itertools import count

import pytest
from django.db import connection

from linli.engines.cases.models import CategoryVersion, RoutingRule
from linli.foundation.core import clock, crypto
from linli.foundation.jobs import services as jobs
from linli.foundation.jobs.models import Job
from linli.interfaces.cli import backup, doctor, examining, outside


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


def found(check, now=None):
    return {f.name: f for f in check(now or clock.now())}


def test_an_installation_that_others_reach_needs_hosts_and_its_proxies(settings):
    settings.SESSION_COOKIE_SECURE, settings.PROXIES = True, 0
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    assert not found(examining._hosts)["域名"].ok
    assert not found(examining._proxy)["代理"].ok
    settings.ALLOWED_HOSTS, settings.PROXIES = ["linli.example.cn"], 1
    assert found(examining._hosts)["域名"].ok
    assert found(examining._proxy)["代理"].ok
    settings.ALLOWED_HOSTS = ["*"]
    assert not found(examining._hosts)["域名"].ok
    settings.DEBUG = True
    assert not found(examining._https)["HTTPS"].ok


def test_at_home_the_same_is_advice(settings):
    settings.SESSION_COOKIE_SECURE = False
    assert found(examining._https)["HTTPS"].advice
    assert found(examining._https)["HTTPS"].ok
    assert found(examining._proxy) == {}


def test_files_that_others_may_read_are_named(settings, tmp_path):
    settings.DATA, settings.SESSION_COOKIE_SECURE = tmp_path, True
    (tmp_path / "namespaces").mkdir(mode=0o755)
    (tmp_path / "namespaces").chmod(0o755)
    tmp_path.chmod(0o755)
    seen = found(examining._permissions)["文件权限"]
    assert not seen.ok
    assert "chmod -R o-rwx,g-w" in seen.hint
    tmp_path.chmod(0o700)  # nobody else gets through to what lies below
    assert found(examining._permissions)["文件权限"].ok


def test_the_age_of_the_backup_and_of_the_keys_is_told(settings, tmp_path):
    now = clock.now()
    settings.DATA, settings.SESSION_COOKIE_SECURE = tmp_path, True
    assert not found(examining._backups)["备份 main"].ok
    backup.note_backup(now - timedelta(days=2), names=["main"], with_keys=False)
    assert found(examining._backups, now)["备份 main"].ok
    assert found(examining._backups, now + timedelta(days=6))["备份 main"].text == "8 天前"
    assert not found(examining._backups, now + timedelta(days=6))["备份 main"].ok
    (tmp_path / backup.NOTE).write_text("{broken")
    assert not found(examining._backups)["备份 main"].ok


def test_keys_that_changed_after_their_backup_are_told(settings, tmp_path):
    settings.DATA = tmp_path
    crypto.encrypt_text("x", "test")
    backup.note_backup(clock.now(), names=["main"], with_keys=True)
    assert found(examining._backups)["密钥备份"].ok
    noted = backup.last_backups()
    noted["keys"]["fingerprint"] = "another"
    (tmp_path / backup.NOTE).write_text(json.dumps(noted))
    assert not found(examining._backups)["密钥备份"].ok


@pytest.mark.django_db
def test_dead_letters_and_a_queue_that_stands_are_told(world):
    now = world.now
    assert found(examining._jobs, now)["后台任务 main"].ok
    jobs.enqueue(name="files.clean_up", payload={}, now=now - timedelta(minutes=20))
    seen = found(examining._jobs, now)["后台任务 main"]
    assert not seen.ok
    assert "linli worker" in seen.hint
    Job.objects.update(state="dead")
    assert "失败 1" in found(examining._jobs, now)["后台任务 main"].text


@pytest.mark.django_db
def test_rules_that_lead_nowhere_and_categories_that_cannot_be_read_are_named(world):
    assert found(examining._routing, world.now)["分类与派遣 main"].text == "没有问题"
    rule = RoutingRule.objects.order_by("order")[0]
    rule.action = {"unit_id": 10**9}
    rule.conditions = {"categories": ["no_such_kind"], "area_paths": ["/999/"]}
    rule.save()
    CategoryVersion.objects.filter(category__code="garbage").update(spec=[1])
    text = found(examining._routing, world.now)["分类与派遣 main"].text
    for words in (rule.name, "已结束或不存在", "no_such_kind", "区域已不存在", "读不出"):
        assert words in text


@pytest.mark.django_db(transaction=True)
def test_the_clock_of_the_database_is_ours():
    seen = found(examining._skew)
    assert all(f.ok for f in seen.values())
    assert bool(seen) == (connection.vendor == "postgresql")


def test_from_outside_a_site_without_https_is_told(live_server):
    seen = {f.name: f for f in outside.from_outside(live_server.url)}
    assert seen["从外面看"].ok
    assert not seen["从外面看 HTTPS"].ok


@pytest.mark.parametrize("url", ["linli.example.cn", "ftp://x", "http://127.0.0.1:9"])
def test_from_outside_what_cannot_be_reached_is_told(url):
    (seen,) = outside.from_outside(url)
    assert not seen.ok
    assert seen.hint


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [(302, "", "X-Forwarded-Proto"), (400, "", "LINLI_HOSTS"), (404, "No such site.", "namespace"), (502, "", "serve")],
)
def test_what_a_proxy_answers_leads_to_what_to_do(status, body, says):
    assert says in outside._words(status, body)
