# ruff: noqa: E501  statements are wide
"""Fills a namespace on PostgreSQL for ``bench.ledgers``: targets, rounds, visits, records, findings, facts, tallies.

Everything is made from the numbers of the rows, so that each run fills the same: targets through the room's own index,
all that hangs on them by one statement for each round. Ten rounds are over, one is open: of it six in ten visits are
done, one was tried, the rest is due. What is one person's or waits for somebody is of the same order at every size or
grows with it, as it would: forty visits are the worker's, one record in fifty of the open round waits for its review.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from bench import setting

ROUNDS = 10
MOST = 20_000  # of one round, as the rulebook has it
SHARES = (("shop", 62), ("company", 15), ("facility", 13), ("household", 10))
STREETS = ("长宁路", "定西路", "江苏路", "华阳路", "安西路", "武夷路", "愚园路", "凯旋路", "汇川路")
GOODS = ("便利店", "水果店", "理发店", "药房", "五金店", "小吃店", "咖啡馆", "服装店", "文具店", "洗衣店")
NAMES = ("新华", "永安", "春风", "宏达", "万家", "百味", "同心", "东方", "天天", "和平", "长征", "光明")
MINE = 40
_FINDINGS = "CASE WHEN t.id % 10 < 6 THEN 'scored' WHEN t.id % 10 < 8 THEN 'on_the_spot' ELSE 'case' END"


def targets(world: Any, size: int) -> None:
    """Make so many targets in all, those that are there left alone."""
    from linli.engines.fieldwork import search, services  # noqa: PLC0415  Django must be set up
    from linli.engines.fieldwork.models import Kind, Target  # noqa: PLC0415

    kinds = {k.code: k for k in Kind.objects.all()}
    areas = sorted(world.areas.values(), key=lambda a: a.pk)
    trades = ("food", "retail", "service", "other")
    codes = [code for code, share in SHARES for _n in range(share)]
    for begin in range(Target.objects.count(), size, 5_000):
        rows = []
        for n in range(begin, min(size, begin + 5_000)):
            area, code = areas[(n // 100 + n * 7) % len(areas)], codes[n * 37 % 100]
            name = f"{NAMES[n % 12]}{NAMES[n // 12 % 12]}{GOODS[n // 5 % 10]}{n:06}"
            row = Target(
                kind=kinds[code], name=name, number=f"B{n:07}", address=f"{STREETS[n % 9]}{n // 9 + 1}号",
                area=area, area_path=area.path, lat=31.22 + n % 97 / 10_000, lon=121.42 + n % 89 / 10_000,
                since=setting.NOW.date() - timedelta(days=400), changed_at=setting.NOW,
                facts={} if code == "household" else {"trade": trades[n % 4], "alliance": n % 3 == 0},
                tags=["示范"] if n % 50 == 0 else [], unit=world.units["market"] if n % 5 == 0 else None,
                visited_at=setting.NOW - timedelta(days=n * 13 % 300) if n % 10 else None,
                tried_at=setting.NOW - timedelta(days=n * 7 % 200) if n % 8 == 0 else None,
            )  # fmt: skip
            services.index(row)
            rows.append(row)
        search.write(Target.objects.bulk_create(rows, batch_size=1_000))


def history(world: Any, size: int) -> None:
    """Give every target that has none its visits, records and facts; then count what the rounds have come to."""
    from django.db import connection  # noqa: PLC0415  Django must be set up

    from linli.engines.fieldwork.models import Round, Target  # noqa: PLC0415
    from linli.engines.fieldwork.tests.scenes import FORM, enter_form  # noqa: PLC0415
    from linli.foundation.forms import selectors as forms  # noqa: PLC0415

    if not Round.objects.exists():
        enter_form(setting.NOW)
    form = forms.version(FORM)
    fresh = Target.objects.filter(visits=None)
    first = fresh.order_by("pk").values_list("pk", flat=True).first()
    if first is None:
        return
    with at_once(connection):
        _draft(world, form)
        parts = range((first - 1) // MOST, (size - 1) // MOST + 1)
        for n in range(ROUNDS, -1, -1):
            for part in parts:
                _one(connection, world, form, n, max(first, part * MOST + 1), part)
        _facts(connection, first)
        _tallied(connection, world)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


@contextmanager
def at_once(connection: Any) -> Iterator[None]:
    """Let rows in without triggers and plain indexes; these are built when all rows are there."""
    from linli.engines.fieldwork.models import Fact, Finding, Submission, Visit  # noqa: PLC0415  Django must be set up
    from tests.postgres import without_triggers  # noqa: PLC0415

    tables = [m._meta.db_table for m in (Visit, Submission, Finding, Fact)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = ANY(%s) "
            "AND indexdef NOT LIKE 'CREATE UNIQUE%%'", [tables],
        )  # fmt: skip
        found = cursor.fetchall()
        cursor.execute(without_triggers(True))
        cursor.execute("SET synchronous_commit = off; SET maintenance_work_mem = '512MB'")
        for name, _made in found:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for _name, made in found:
            cursor.execute(made)
        cursor.execute(without_triggers(False))
        cursor.execute("SET synchronous_commit = on")


def _one(connection: Any, world: Any, form: Any, n: int, first: int, part: int) -> None:
    """Make the round that began ``n`` months ago, if it is not there, and what belongs to the targets from ``first``."""
    from linli.engines.fieldwork.models import Finding, Round, Submission, Visit  # noqa: PLC0415
    from linli.foundation.core.actors import SYSTEM  # noqa: PLC0415

    at, worker = setting.NOW - timedelta(days=30 * n), world.users["shegong"].pk
    day, open_ = at.date(), not n
    round_, _made = Round.objects.get_or_create(
        title=f"第{ROUNDS - n + 1}轮走访，第{part + 1}片",
        defaults={
            "form": form.form, "form_version": form, "unit": world.units["enforcement" if n == 7 else "centre"], "starts_on": day,
            "ends_on": day + timedelta(days=29), "created_label": SYSTEM.label, "created_at": at, "review": n % 5 == 0,
            "state": "open" if open_ else "closed", "feedback": "x", "result": "x", "closed_at": setting.NOW,
        },
    )  # fmt: skip
    state = (
        "CASE WHEN t.id / 3 % 10 < 6 THEN 'done' WHEN t.id / 3 % 10 < 7 THEN 'tried' ELSE 'due' END"
        if open_
        else "'done'"
    )
    copied(
        connection, Visit(round=round_, occasion=day, due_on=day, done_at=None if open_ else at),
        "fieldwork_target t JOIN fieldwork_kind k ON k.id = t.kind_id WHERE t.id >= %s AND t.id <= %s",
        [first, (part + 1) * MOST],
        {
            "uuid": f"md5('visit-{n}-' || t.id)::uuid", "target_id": "t.id", "area_path": "t.area_path", "state": state,
            "guarded": "k.guarded",
            "due_on": f"DATE '{day}' + (t.id % 40)::int - 10", "unit_id": "t.unit_id",
            **({"done_at": f"CASE WHEN t.id / 3 % 10 < 6 THEN TIMESTAMPTZ '{at}' END"} if open_ else {}),
        },
    )  # fmt: skip
    sent = Submission(
        round=round_, form=form, answers={"fine": True}, made_at=at, received_at=at, by_label="社工甲", digest="0" * 64,
        review=round_.review, full=10,
    )  # fmt: skip
    others = world.users["wanggezhang"].pk
    waits = "CASE WHEN t.id % 50 = 0 THEN 'received' ELSE 'accepted' END" if open_ else "'accepted'"
    copied(
        connection, sent, "fieldwork_visit v JOIN fieldwork_target t ON t.id = v.target_id JOIN fieldwork_kind k "
        "ON k.id = t.kind_id WHERE t.id >= %s AND v.round_id = %s AND v.state = 'done' ORDER BY t.id", [first, round_.pk],
        {
            "uuid": f"md5('sent-{n}-' || t.id)::uuid", "target_id": "t.id", "area_path": "t.area_path",
            "visit_id": "v.id", "guarded": "k.guarded", "marks": "8 + t.id % 3", "state": waits if round_.review
            else "'received'", "user_id": f"CASE WHEN t.id % 200 = 0 THEN {worker} ELSE {others} END",
        },
    )  # fmt: skip
    copied(
        connection, Finding(round=round_, item="fine", text="门前堆物", found_at=at, closed_at=None),
        "fieldwork_submission t JOIN fieldwork_target g ON g.id = t.target_id JOIN fieldwork_kind k ON k.id = g.kind_id "
        "WHERE k.code = 'shop' AND g.id >= %s AND t.round_id = %s AND t.target_id % 20 = 3", [first, round_.pk],
        {
            "uuid": f"md5('found-{n}-' || t.id)::uuid", "submission_id": "t.id", "target_id": "t.target_id",
            "area_path": "t.area_path", "state": _FINDINGS.replace("t.id", "(t.target_id / 20)"),
            "case_uuid": f"md5('case-{n}-' || t.id)::uuid",
        },
    )  # fmt: skip


def _draft(world: Any, form: Any) -> None:
    """Plan a round of all shops that is not opened."""
    from linli.engines.fieldwork import services  # noqa: PLC0415  Django must be set up
    from linli.engines.fieldwork.models import Round  # noqa: PLC0415
    from linli.engines.fieldwork.types import Choice, RoundData, TargetFilter  # noqa: PLC0415

    if not Round.objects.filter(state="draft").exists():
        today = setting.NOW.date()
        data = RoundData(
            title="下一轮", form=form.form.code, unit_id=world.units["centre"].pk, starts_on=today,
            ends_on=today + timedelta(days=30), choice=Choice(filter=TargetFilter(("shop",))),
        )  # fmt: skip
        services.plan_round(by=world.actor("zhiban"), now=setting.NOW, data=data)


def _facts(connection: Any, first: int) -> None:
    from linli.engines.fieldwork.models import Fact  # noqa: PLC0415  Django must be set up

    for field in ("name", "address", "trade"):
        fact = Fact(field=field, value="food", at=setting.NOW, by_label="社工甲", source_kind="hand")
        copied(connection, fact, "fieldwork_target t WHERE t.id >= %s", [first], {"target_id": "t.id"})


def _tallied(connection: Any, world: Any) -> None:
    """Give the worker what is theirs of the open round, and count every round as the services would have."""
    from linli.engines.fieldwork.services import counting  # noqa: PLC0415  Django must be set up

    worker = world.users["shegong"]
    path = next(g.area_path for g in world.actor("shegong").grants if g.area_path)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE fieldwork_visit SET user_id = NULL, planned_on = NULL WHERE user_id IS NOT NULL")
        cursor.execute(
            "UPDATE fieldwork_visit SET user_id = %s, planned_on = %s WHERE id IN (SELECT v.id FROM fieldwork_visit v "
            "JOIN fieldwork_round r ON r.id = v.round_id JOIN fieldwork_target t ON t.id = v.target_id JOIN fieldwork_kind "
            "k ON k.id = t.kind_id WHERE r.state = 'open' AND v.state = 'due' AND NOT k.guarded AND v.area_path LIKE %s "
            "ORDER BY v.id LIMIT %s)", [worker.pk, setting.NOW.date(), path + "%", MINE],
        )  # fmt: skip
        cursor.execute("DELETE FROM fieldwork_roundtally; DELETE FROM fieldwork_roundday")
        sums = "count(*), count(*) FILTER (WHERE state = 'done'), 0"
        cursor.execute(
            "INSERT INTO fieldwork_roundtally (round_id, occasion, area_path, unit_id, planned, done, unreached) "
            f"SELECT round_id, occasion, area_path, unit_id, {sums} FROM fieldwork_visit GROUP BY 1, 2, 3, 4"
        )
        cursor.execute(
            "INSERT INTO fieldwork_roundday (round_id, day, done) SELECT round_id, done_at::date, count(*) "
            "FROM fieldwork_visit WHERE state = 'done' GROUP BY 1, 2"
        )
        cursor.execute(
            "UPDATE fieldwork_round r SET (planned, done) = (SELECT sum(planned), sum(done) FROM fieldwork_roundtally t "
            "WHERE t.round_id = r.id) WHERE state <> 'draft'"
        )
    counting.count_targets()


def copied(connection: Any, row: Any, source: str, given: list[Any], changed: dict[str, str]) -> None:
    """Insert ``row`` once for each row of ``source``, with these columns by SQL."""
    fields = [f for f in row._meta.concrete_fields if not f.primary_key]
    values = [changed[f.column].replace("%", "%%") if f.column in changed else "%s" for f in fields]
    plain = [f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields if f.column not in changed]
    names = ", ".join(f'"{f.column}"' for f in fields)
    source = source.replace(" % ", " %% ")
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{row._meta.db_table}" ({names}) SELECT {", ".join(values)} FROM {source}', [*plain, *given]
        )
