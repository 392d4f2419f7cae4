"""Dead letters: listed, sent again, discarded; for the system administrator alone."""

from datetime import timedelta

import pytest

from linli.foundation.core import clock
from linli.foundation.core.errors import ForbiddenError
from linli.foundation.jobs import services
from linli.foundation.jobs.models import Job
from linli.foundation.journal.models import Entry
from tests.login import confirm, log_in

pytestmark = pytest.mark.django_db
FAULTS = {"t.fails": "连不上邮件服务器 smtp.example.cn（收件人 13812345678）", "t.other": "没有这个案件"}


@pytest.fixture
def broken(world):
    """Let two kinds of jobs fail for good; return a switch that mends them."""
    mended: list[bool] = []

    def work(payload, now):
        if not mended:
            raise RuntimeError(FAULTS[payload["kind"]])

    for name in FAULTS:
        services.handler(name)(work)
    with clock.frozen(world.now):
        yield mended.append


def die(world, name, count=1):
    for _n in range(count):
        services.enqueue(name=name, payload={"kind": name}, now=world.now - timedelta(hours=2), max_attempts=1)
    services.run_due(now=world.now, limit=1000)


def page(client, query=""):
    answer = client.get(f"/console/jobs/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def admin(client, world):
    return confirm(log_in(client, world.users["xitong"]), world.now)


def test_nothing_failed(broken, admin):
    text = page(admin)
    assert "没有失败的任务" in text
    assert "重发" not in text.split("<main", 1)[1].split("没有失败的任务", 1)[1]


def test_the_list_says_kind_error_attempts_and_since_when(world, broken, admin):
    die(world, "t.fails")
    text = page(admin)
    assert "t.fails" in text
    assert "连不上邮件服务器 smtp.example.cn" in text
    assert "13812345678" not in text  # an error may quote somebody's number
    assert "08:00" in text
    assert "10:00" in text
    assert '<td data-label="次数" class="num">1</td>' in text


def test_one_is_sent_again_and_runs(world, broken, admin):
    die(world, "t.fails", 2)
    job = Job.objects.earliest("id")
    assert admin.post(f"/console/jobs/{job.pk}/resend/").status_code == 302
    assert Job.objects.get(pk=job.pk).state == "pending"
    entry = Entry.objects.get(verb="jobs.retry")
    assert entry.actor_uuid == world.users["xitong"].uuid
    broken(True)
    services.run_due(now=world.now)
    assert list(Job.objects.values_list("state", flat=True)) == ["dead"]
    again = admin.post(f"/console/jobs/{job.pk}/resend/", follow=True)
    assert "已经处理过了" in again.content.decode()
    assert Entry.objects.filter(verb="jobs.retry").count() == 1


def test_all_of_a_kind_are_sent_again_and_the_others_stay(world, broken, admin):
    die(world, "t.fails", 3)
    die(world, "t.other", 2)
    text = page(admin, "?name=t.fails")
    assert "t.other #" not in text
    assert "没有这个案件" not in text
    answer = admin.post("/console/jobs/resend/", {"name": "t.fails"}, follow=True)
    assert "3 件已重新排队" in answer.content.decode()
    assert Job.objects.filter(state="pending", name="t.fails").count() == 3
    assert Job.objects.filter(state="dead", name="t.other").count() == 2


def test_one_is_discarded_with_a_reason_and_not_without(world, broken, admin):
    die(world, "t.fails", 2)
    job = Job.objects.earliest("id")
    refused = admin.post(f"/console/jobs/{job.pk}/discard/", {"reason": "  "})
    assert refused.status_code == 422
    assert "请写明丢弃的原因" in refused.content.decode()
    assert Job.objects.count() == 2
    assert admin.post(f"/console/jobs/{job.pk}/discard/", {"reason": "收件人已离职"}).status_code == 302
    assert Job.objects.count() == 1
    entry = Entry.objects.get(verb="jobs.discard")
    assert (entry.reason, entry.label) == ("收件人已离职", f"t.fails #{job.pk}")


def test_a_waiting_job_can_be_neither_sent_again_nor_discarded(world, broken, admin):
    services.enqueue(name="t.fails", payload={"kind": "t.fails"}, now=world.now)
    job = Job.objects.get()
    admin.post(f"/console/jobs/{job.pk}/discard/", {"reason": "试试"})
    admin.post(f"/console/jobs/{job.pk}/resend/")
    assert Job.objects.get().state == "pending"
    assert not Entry.objects.filter(verb__startswith="jobs.").exists()


def test_the_list_is_read_in_pages(world, broken, admin, django_assert_max_num_queries):
    die(world, "t.fails", 60)
    with django_assert_max_num_queries(10):
        first = page(admin)
    assert first.count("/discard/") == 25
    cursor = first.split("cursor=", 1)[1].split('"', 1)[0]
    assert page(admin, f"?cursor={cursor}").count("/discard/") == 25
    assert admin.get("/console/jobs/?cursor=x").status_code == 422


def test_a_schedule_that_failed_is_named_and_goes_on(world, broken, admin):
    Job.objects.create(
        name="journal.seal", schedule="journal.seal", due_at=world.now, created_at=world.now, touched_at=world.now,
        last_error="Traceback\nOSError: 磁盘已满",
    )  # fmt: skip
    text = page(admin)
    assert "封存日志" in text
    assert "OSError: 磁盘已满" in text
    assert "没有失败的任务" in text


@pytest.mark.parametrize("name", ["anquan", "shenji", "paidan", "lingdao", "jumin"])
def test_others_are_refused_by_page_and_service(world, broken, client, name):
    die(world, "t.fails")
    job = Job.objects.get()
    log_in(client, world.users[name])
    assert client.get("/console/jobs/").status_code == 404
    for address in (f"{job.pk}/resend/", f"{job.pk}/discard/", "resend/"):
        assert client.post(f"/console/jobs/{address}", {"reason": "x", "name": "t.fails"}).status_code == 404
    actor = world.actor(name)
    for act in (
        lambda: services.retry(by=actor, now=world.now, ids=[job.pk]),
        lambda: services.retry_kind(by=actor, now=world.now, name="t.fails"),
        lambda: services.discard(by=actor, now=world.now, ids=[job.pk], reason="x"),
    ):
        with pytest.raises(ForbiddenError):
            act()
    assert Job.objects.get().state == "dead"
