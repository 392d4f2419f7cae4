"""The demonstration's documents: the five texts without names, minutes with tasks, a plan split to units."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from linli.engines.projects import selectors as projects
from linli.engines.projects import services as tasks
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.deadlines import services as deadlines
from linli.foundation.jobs import services as jobs
from linli.foundation.people import selectors as people
from linli.interfaces.cli.demo.simulation import Simulation
from linli.programmes.documents import selectors, services
from linli.programmes.documents.types import Kind
from linli.programmes.documents.workflow import FindingState

MINUTES = """街道召开楼道治理推进会

3月5日下午，街道召开楼道治理推进会，各科室、各居民区书记等60余人参加会议，会议由街道办事处主任主持。

街道党工委书记提出三点要求：一是要摸清底数，各居民区在4月底前完成楼道堆物排查，形成一楼一表；二是要集中清理，由街道社区管理办公室负责，会同物业公司5月底前清理完毕；三是要建立长效机制，楼组长每周巡查一次，发现返潮及时上报。

会议要求，城管、公安、消防要加强联动，对占用消防通道的及时处置，确保42个重点楼道不反弹。

（街道社区管理办）
"""
PLAN = """楼道治理工作方案

一、排查建档。各居民区对辖区楼道逐楼、逐层、逐户排查，建立台账。

二、集中清理。对排查出的堆物限期清理，清理前书面告知居民。

三、长效管理。建立楼组长每周巡查机制，巡查结果每月汇总上报。

四、宣传引导。利用楼道公告栏、业主群宣传消防安全知识。
"""
REVISED = PLAN.replace("每周巡查机制，巡查结果每月汇总上报", "每周两次巡查机制，巡查结果每周汇总上报")


def load_documents(sim: Simulation) -> None:
    """Enter the documents through the services."""
    _five(sim)
    _minutes(sim)
    _plan(sim)
    with clock.frozen(sim.end):  # what the days since have set off
        deadlines.sweep(now=sim.end)
        jobs.drain(now=sim.end)


def _by(sim: Simulation, name: str, at: datetime) -> Actor:
    return people.actor_for(sim.users[name], at)


def _take(sim: Simulation, at: datetime, who: str = "dangzheng", **fields: Any) -> Any:
    """Import a text and confirm its order as it was proposed."""
    by = _by(sim, who, at)
    document = services.import_document(by=by, now=at, new=services.NewDocument(**fields))
    order: dict[int, list[int]] = {}
    for block in selectors.blocks_of(document):
        if block.article is not None:
            order.setdefault(block.article.position, []).append(block.number)
    chosen: Sequence[Sequence[int]] = list(order.values())
    return services.put_in_order(by=by, now=at, document=document, order=chosen, revision=document.revision)


def _five(sim: Simulation) -> None:
    folder = files("linli.interfaces.cli") / "demo" / "data" / "texts"
    if not folder.is_dir():
        return
    for n, text in enumerate(sorted(folder.iterdir(), key=lambda f: f.name)):
        at = sim.end - timedelta(days=20 - n, hours=3)
        document = _take(sim, at, content=text.read_bytes(), name=text.name)
        services.confirm_sure(by=_by(sim, "dangzheng", at), now=at, document=document)


def _requirements(document: Any) -> list[Any]:
    found = selectors.findings_of(document, kind=Kind.REQUIREMENT.value)
    for finding in found:
        finding.document = document
    return found


def _minutes(sim: Simulation) -> None:
    """Minutes decided to the end: three tasks, one done, one open, one late."""
    at = sim.end - timedelta(days=12)
    document = _take(sim, at, kind="minutes", text=MINUTES, title="楼道治理推进会纪要")
    by = _by(sim, "dangzheng", at)
    services.confirm_sure(by=by, now=at, document=document)
    today = people.local_day(sim.end)
    given = (
        ("management", today - timedelta(days=2)),
        ("enforcement", today + timedelta(days=20)),
        ("safety", today + timedelta(days=9)),
    )
    found = _requirements(document)
    for (unit, due), finding in zip(given, found, strict=False):
        title = str(finding.attributes.get("action") or finding.text)[:60]
        wanted = services.Wanted(title, sim.units[unit].pk, due)
        services.make_task(by=by, now=at, finding=finding, wanted=wanted)
    for finding in selectors.findings_of(document, state=FindingState.PROPOSED.value):
        finding.document = document
        services.confirm(by=by, now=at, finding=finding, revision=finding.revision)
    services.finish(by=by, now=at, document=document)
    for task in projects.tasks_of(found[1].uuid)[:1] if len(found) > 1 else []:
        ended = sim.end - timedelta(days=1)
        done = "已会同物业清理 42 个重点楼道，前后照片已归档"
        tasks.end_task(by=_by(sim, "zhongdui", ended), now=ended, task=task, result=done)


def _plan(sim: Simulation) -> None:
    """A plan in two versions, split to four units with one part that nobody took up yet."""
    at = sim.end - timedelta(days=10)
    first = _take(sim, at, kind="plan", text=PLAN, title="楼道治理工作方案", number="街道〔2026〕8号")
    at = sim.end - timedelta(days=4)
    document = _take(
        sim, at, kind="plan", text=REVISED, title="楼道治理工作方案（修订）", number="街道〔2026〕12号", previous=first
    )
    by = _by(sim, "dangzheng", at)
    homes = [u for k, u in sorted(sim.units.items()) if k.startswith("@")][:2]
    units = [sim.units["management"], sim.units["safety"], *homes]
    services.set_plan_units(by=by, now=at, document=document, unit_ids=[u.pk for u in units])
    parts = selectors.parts_of(document)
    due = people.local_day(sim.end) + timedelta(days=30)
    said = (
        (0, 0, "汇总各居民区台账，建立街道总表", ""),
        (0, 2, "组织楼组长逐户排查，本月底前完成", ""),
        (0, 3, "逐楼排查，形成一楼一表", ""),
        (0, 1, "", "不承担排查，参与集中清理"),
        (1, 0, "会同物业分批清理，清理前五日书面告知", ""),
        (1, 1, "对占用消防通道的依法处置", ""),
        (2, 2, "楼组长每周两次巡查，周五汇总", ""),
    )
    for part, unit, text, reason in said:
        services.fill_plan(
            by=by,
            now=at,
            part=parts[part],
            unit_id=units[unit].pk,
            text=text,
            due_on=due if text else None,
            not_applicable=reason,
        )
