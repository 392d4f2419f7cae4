"""12345 work orders: what the city says comes in by sheets, once, and what became of them goes back by a sheet."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.engines.cases import services
from linli.engines.cases.models import Case, CaseEvent, Reporter
from linli.engines.cases.services import importing
from linli.engines.cases.services.importing.city import take_rating
from linli.engines.cases.tests.steps import faults, get, to_closed
from linli.engines.cases.types import Contact, Report
from linli.engines.cases.workflow import Outcome
from linli.foundation.core.actors import GUEST, SYSTEM
from linli.foundation.core.errors import ConflictError, DomainError, ForbiddenError, InvalidError
from linli.foundation.journal.models import Entry
from linli.foundation.sheets.models import Layout

pytestmark = pytest.mark.django_db
HEADER = ["工单编号", "诉求内容", "地址", "办理时限", "联系电话", "诉求类型", "是否保密", "是否签派", "原工单号",
          "是否解决", "满意度", "回访意见", "回访时间"]  # fmt: skip
W1 = [
    "W1",
    "楼下夜里施工",
    "陶家宅居民区长宁路 488 弄",
    "2026-03-20 17:00",
    "13900001111",
    "噪音扰民",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
]


def row(number="W1", **more):
    cells = [number, *W1[1:]]
    for header, value in more.items():
        cells[HEADER.index(header)] = value
    return cells


def book(*rows, header=HEADER):
    made = openpyxl.Workbook()
    table: Any = made.active
    for cells in (header, *rows):
        table.append(cells)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def read(content):
    """Return the rows of an xlsx as dictionaries by header."""
    table: Any = openpyxl.load_workbook(io.BytesIO(content)).active
    head, *rows = table.iter_rows(values_only=True)
    return [{h: v or "" for h, v in zip(head, cells, strict=True)} for cells in rows]


def take(world, *rows, header=HEADER, now=None, **more):
    table = importing.open_sheet(book(*rows, header=header), "w.xlsx")
    layout = importing.layout("hotline")
    mapping = importing.guess(table.headers, layout)
    more.setdefault("unknown_to_other", True)
    return importing.import_rows(
        by=SYSTEM, now=now or world.now, layout=layout, rows=table.rows, mapping=mapping, **more
    )


@pytest.fixture
def paidan(world, settings, tmp_path):
    settings.DATA = tmp_path
    return world.actor("paidan")


def keep(by, *rows, header=HEADER, kind="hotline"):
    return importing.keep(by=by, content=book(*rows, header=header), name="w.xlsx", kind=kind)


def start(by, world, parcel, *, dry_run=False, **more):
    return importing.start(
        by=by, now=world.now, parcel=parcel, mapping=parcel.mapping, to_other=True, dry_run=dry_run, **more
    )


def test_every_column_of_the_city_is_recognised(world):
    layout = importing.layout("hotline")
    assert importing.guess(HEADER, layout) == {
        "key": 0, "text": 1, "address": 2, "due": 3, "phone": 4, "category": 5, "confidential": 6, "assigned": 7,
        "duplicate_of": 8, "solved": 9, "rating": 10, "rating_words": 11, "rated_at": 12,
    }  # fmt: skip


def test_what_is_to_be_kept_secret_has_fewer_readers_and_is_never_public(world):
    take(world, row("W1", 是否保密="是"), row("W2", 是否保密="否"))
    secret, plain = (Case.objects.get(external_number=n) for n in ("W1", "W2"))
    assert (secret.confidential, secret.guarded) == (True, True)
    assert plain.confidential is False


def test_an_order_that_the_city_assigned_cannot_be_returned(world):
    take(world, row("W1", 是否签派="是"), row("W2"))
    centre, handler = world.actor("paidan"), world.actor("chengguan")
    for number, refused in (("W1", True), ("W2", False)):
        case = get(Case.objects.get(external_number=number))
        services.accept(by=centre, now=world.now, case=case, verify=False)
        services.dispatch(by=centre, now=world.now, case=case, unit_id=world.units["enforcement"].pk)
        assert case.no_return is refused
        if refused:
            with pytest.raises(DomainError):
                services.return_(by=handler, now=world.now, case=case, reason="不属本单位")
        else:
            services.return_(by=handler, now=world.now, case=case, reason="不属本单位")
        assert faults(case) == []


@pytest.mark.parametrize(
    ("column", "value"), [("是否保密", "也许"), ("是否签派", "随便"), ("满意度", "凑合"), ("是否解决", "?")]
)
def test_a_word_that_is_not_known_is_a_fault_of_that_row_alone(world, column, value):
    take(world, row("W1"))
    result = take(world, row("W1", **{column: value}), row("W2"))
    assert (result.taken, len(result.refused)) == (1, 1)
    (field,) = result.refused[0].reasons
    assert HEADER[importing.guess(HEADER, importing.layout("hotline"))[field]] == column


def test_the_citys_call_back_is_the_cases_rating(world):
    take(world, row("W1"))
    case = get(Case.objects.get(external_number="W1"))
    early = take(world, row("W1", 满意度="满意", 是否解决="是"))
    assert (early.rated, early.early) == (0, 1)
    services.contact(by=world.actor("paidan"), now=world.now, case=case, way="phone", result="reached", text="已联系")
    to_closed(world, case)
    tried = take(world, row("W1", 满意度="满意", 是否解决="是"), dry_run=True)
    assert tried.rated == 1
    assert get(case).rating == ""
    said = row("W1", 满意度="基本满意", 是否解决="是", 回访意见="来得快，电话13800001234", 回访时间="2026-03-12 10:00")
    assert take(world, said).rated == 1
    case = get(case)
    assert (case.rating, case.needs_review) == ("mostly", False)
    reporter = Reporter.objects.get(case=case)
    assert (reporter.rating, reporter.rating_way) == ("mostly", "city")
    assert reporter.rated_at == datetime(2026, 3, 12, 2, 0, tzinfo=UTC)
    assert "13800001234" not in reporter.rating_text
    assert faults(case) == []
    again = take(world, said)
    assert (again.rated, CaseEvent.objects.filter(case=case, verb="rate").count()) == (0, 1)


def test_an_unhappy_call_back_asks_for_a_review_and_the_last_one_counts(world):
    take(world, row("W1"))
    case = get(Case.objects.get(external_number="W1"))
    services.contact(by=world.actor("paidan"), now=world.now, case=case, way="phone", result="reached", text="已联系")
    to_closed(world, case)
    take(world, row("W1", 满意度="不满意", 是否解决="否"))
    case = get(case)
    assert (case.rating, case.needs_review, "review" in case.dues) == ("unsatisfied", True, True)
    take(world, row("W1", 满意度="一般", 是否解决="是"))
    case = get(case)
    assert (case.rating, CaseEvent.objects.filter(case=case, verb="rate").count()) == ("fair", 2)
    assert faults(case) == []


def test_nobody_here_rates_an_order_and_only_the_centre_enters_the_citys_rating(world):
    take(world, row("W1"))
    case = get(Case.objects.get(external_number="W1"))
    services.contact(by=world.actor("paidan"), now=world.now, case=case, way="phone", result="reached", text="已联系")
    to_closed(world, case)
    reporter = Reporter.objects.get(case=case)
    with pytest.raises(ConflictError) as caught:
        services.rate(
            by=world.actor("paidan"), now=world.now, case=case, reporter_id=reporter.pk, rating="satisfied", way="link"
        )
    assert caught.value.code == "cases.city_rates"
    for who in ("chengguan", "jumin", "jiandu"):
        with pytest.raises(ForbiddenError):
            take_rating(by=world.actor(who), now=world.now, case=case, rating="satisfied")
    own = services.report(
        by=GUEST, now=world.now, report=Report(text="x", category="noise", address="长宁路", contact=Contact())
    )
    with pytest.raises(ConflictError):
        take_rating(by=SYSTEM, now=world.now, case=Case.objects.get(pk=own.case_id), rating="satisfied")
    for rating, solved in (("great", ""), ("", "maybe")):
        with pytest.raises(InvalidError):
            take_rating(by=SYSTEM, now=world.now, case=case, rating=rating, solved=solved)
    assert get(case).rating == ""


def test_what_the_city_calls_a_repetition_is_shown_beside_its_original(world):
    take(world, row("W1"))
    result = take(world, row("W2", 原工单号="W1"), row("W3", 原工单号="W9"))
    original = Case.objects.get(external_number="W1")
    assert [(d.number, d.of_number, d.case_number) for d in result.duplicates] == [("W2", "W1", original.number)]
    origin = CaseEvent.objects.get(case__external_number="W2", verb="report").data["origin"]
    assert origin["duplicate_of"] == "W1"


def test_what_was_said_of_a_sheet_is_known_of_the_next_with_the_same_headers(world, paidan):
    header = ["流水", "工单编号", "说了什么", "诉求类型", "满意度"]
    first = keep(paidan, ["1", "W1", "楼下施工", "噪声类", ""], header=header)
    assert first.remembered is False
    assert "text" not in first.mapping
    first.mapping = {"key": 1, "text": 2, "category": 3, "rating": 4}
    values = {"category": {"噪声类": "noise"}, "rating": {"杠杠的": "satisfied"}}
    start(paidan, world, first, values=values)
    assert Case.objects.get(external_number="W1").category.code == "noise"
    spaced = [f" {h} " for h in header]
    second = keep(paidan, ["2", "W2", "楼上施工", "噪声类", ""], header=spaced)
    assert (second.remembered, second.mapping, second.values) == (True, first.mapping, values)
    start(paidan, world, second, values=second.values)
    assert Case.objects.get(external_number="W2").category.code == "noise"
    assert Layout.objects.get().title == "w.xlsx"
    assert Entry.objects.filter(verb__startswith="sheets.layout").count() == 1  # nothing new was said
    assert keep(paidan, ["2", "W2", "x", "y", "z"], header=[*header[:-1], "评分"]).remembered is False
    other = keep(paidan, ["1", "W1", "楼下施工", "噪声类", ""], header=header, kind="messages")
    assert other.remembered is False


def test_changes_are_shown_side_by_side_and_taken_one_by_one(world, paidan):
    take(world, row("W1"))
    case = Case.objects.get(external_number="W1")
    later = row("W1", 诉求内容="楼下夜里施工，已三天", 地址="愚园路 2 号", 办理时限="2026-03-12 17:00")
    parcel = start(paidan, world, keep(paidan, later), dry_run=True)
    changes = parcel.outcome().changed
    assert [(c.field, c.before, c.after) for c in changes] == [
        ("address", "陶家宅居民区长宁路 488 弄", "愚园路 2 号"),
        ("text", "楼下夜里施工", "楼下夜里施工，已三天"),
        ("due", "2026-03-20 17:00", "2026-03-12 17:00"),
    ]
    assert get(case).address == "陶家宅居民区长宁路 488 弄"
    importing.take_changes(by=paidan, now=world.now, parcel=parcel, chosen={0, 2, 99})
    case = get(case)
    due = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
    assert (case.address, case.text, case.external_due) == ("愚园路 2 号", "楼下夜里施工", due)
    assert datetime.fromisoformat(case.dues["overall"]) == due
    assert faults(case) == []
    parcel = importing.open_parcel(by=paidan, uuid=parcel.uuid)
    assert parcel.result["decided"] == {"0": "", "2": ""}
    events = CaseEvent.objects.filter(case=case).count()
    importing.take_changes(by=paidan, now=world.now, parcel=parcel, chosen={0, 1, 2})
    assert CaseEvent.objects.filter(case=case).count() == events + 1
    case = get(case)
    assert case.text == "楼下夜里施工"  # what was written stays; the new words stand beside it
    assert "已三天" in CaseEvent.objects.filter(case=case, verb="note").get().text
    assert start(paidan, world, keep(paidan, later), dry_run=True).outcome().changed[0].field == "text"


def test_a_change_that_the_case_does_not_allow_keeps_its_reason(world, paidan):
    take(world, row("W1"))
    case = get(Case.objects.get(external_number="W1"))
    services.contact(by=paidan, now=world.now, case=case, way="phone", result="reached", text="已联系")
    to_closed(world, case)
    parcel = start(paidan, world, keep(paidan, row("W1", 地址="愚园路 2 号")), dry_run=True)
    parcel = importing.take_changes(by=paidan, now=world.now, parcel=parcel, chosen={0})
    assert parcel.result["decided"]["0"]
    assert get(case).address == "陶家宅居民区长宁路 488 弄"


def test_orders_go_back_with_contacts_returns_extensions_and_repetitions(world, paidan):
    take(world, row("W1"), row("W2", 原工单号="W1"), row("W3", 是否保密="是", 是否签派="是"))
    w1, w2, _w3 = (get(Case.objects.get(external_number=n)) for n in ("W1", "W2", "W3"))
    handler, unit, at = world.actor("chengguan"), world.units["enforcement"].pk, world.now
    services.accept(by=paidan, now=at, case=w1, verify=False)
    services.dispatch(by=paidan, now=at, case=w1, unit_id=unit)
    services.return_(by=handler, now=at, case=w1, reason="不属本单位职责")
    services.dispatch(by=paidan, now=at, case=w1, unit_id=unit)
    services.sign(by=handler, now=at, case=w1)
    services.contact(by=handler, now=at, case=w1, way="phone", result="no_answer", text="没人接")
    services.contact(by=handler, now=at + timedelta(hours=5), case=w1, way="phone", result="reached", text="已联系")
    services.request_extension(by=handler, now=at, case=w1, reason="等待检测报告", amount=2, time_unit="work_days")
    services.decide_extension(by=world.actor("zhiban"), now=at, case=w1, granted=True, reason="情况属实")
    later = at + timedelta(hours=6)
    services.hand_in(by=handler, now=later, case=w1, text="已劝阻", outcome=Outcome.EXPLAINED)
    services.check(by=world.actor("jiandu"), now=later, case=w1, passed=True)
    services.reply(by=paidan, now=later, case=w1, way="phone", text="夜间不再施工。")
    services.close(by=world.actor("lingdao"), now=later, case=w1)
    content, count = importing.orders_sheet(by=paidan, now=at, first=date(2026, 3, 1), last=date(2026, 3, 31))
    rows = {r["工单编号"]: r for r in read(content)}
    assert (count, set(rows)) == (3, {"W1", "W2", "W3"})
    one = rows["W1"]
    assert (one["案件编号"], one["状态"], one["结案评判"]) == (w1.number, "已结案", "解释说明")
    assert one["先行联系时间"] == "2026-03-10 15:00"
    assert one["联系次数"] == "2"
    assert one["联系情况"] == "2026-03-10 10:00 未接通\n2026-03-10 15:00 已联系"
    assert (one["退单次数"], one["退单理由"]) == ("1", "2026-03-10 10:00 不属本单位职责")
    assert one["延期申请"] == "2026-03-10 10:00 2个工作日 等待检测报告"
    assert one["延期裁定"] == "2026-03-10 10:00 同意 情况属实"
    assert one["答复内容"] == "夜间不再施工。"
    assert (rows["W2"]["是否重复"], rows["W2"]["原工单号"]) == ("是", "W1")
    assert (rows["W3"]["要求保密"], rows["W3"]["签派"]) == ("是", "是")
    assert Entry.objects.filter(verb="cases.export").count() == 1
    # The sheet that went out comes in again as what is here already.
    assert w2.number == rows["W2"]["案件编号"]


def test_a_merged_order_goes_back_with_the_one_that_it_repeats(world, paidan):
    take(world, row("W1"), row("W2"))
    main, other = (get(Case.objects.get(external_number=n)) for n in ("W1", "W2"))
    services.merge(by=paidan, now=world.now, case=other, main=main, reason="同一处施工")
    content, _count = importing.orders_sheet(by=paidan, now=world.now, first=date(2026, 3, 10), last=date(2026, 3, 10))
    line = next(r for r in read(content) if r["工单编号"] == "W2")
    assert (line["是否重复"], line["原工单号"], line["重复理由"]) == ("是", "W1", "同一处施工")


@pytest.mark.parametrize(("first", "last"), [((2026, 3, 2), (2026, 3, 1)), ((2026, 1, 1), (2026, 6, 1))])
def test_days_that_make_no_sense_are_refused(world, paidan, first, last):
    with pytest.raises(InvalidError):
        importing.orders_sheet(by=paidan, now=world.now, first=date(*first), last=date(*last))


def test_only_the_centre_takes_orders_out_and_the_statements_do_not_grow(world, paidan):
    for who in ("chengguan", "jiandu", "jumin"):
        with pytest.raises(ForbiddenError):
            importing.orders_sheet(by=world.actor(who), now=world.now, first=world.now.date(), last=world.now.date())

    def statements():
        with CaptureQueriesContext(connection) as seen:
            importing.orders_sheet(by=paidan, now=world.now, first=world.now.date(), last=world.now.date())
        return len([q for q in seen if "SAVEPOINT" not in q["sql"]])

    take(world, row("W1"))
    few = statements()
    take(world, *(row(f"X{n}") for n in range(20)))
    assert statements() == few
