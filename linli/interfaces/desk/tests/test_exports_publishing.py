"""Words out as files: articles, issues, reports, a figure's rows, ways of working, media, channels, pleas."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from linli.foundation.core.actors import GUEST
from linli.foundation.journal.models import Entry
from linli.interfaces.desk.tests.exports_help import (
    agree,
    button,
    column,
    first,
    lines,
    plain,
    refused_alike,
    sheet_of,
    statements,
    take,
    walked,
)
from linli.interfaces.desk.tests.help import enter
from linli.programmes.publishing import services
from linli.programmes.publishing.models import Article, Release, TakedownRequest
from linli.programmes.publishing.tests import pages
from linli.programmes.publishing.types import IssueData, MediaData, MethodData, Plea, ReportData

pytestmark = pytest.mark.django_db
BASE = "/desk/publishing/"
# Lists of words out: their page, and what stands first in a row of it.
URLS = {
    "articles": BASE, "issues": f"{BASE}issues/", "reports": f"{BASE}reports/", "methods": f"{BASE}methods/",
    "media": f"{BASE}media/", "releases": f"{BASE}releases/",
}  # fmt: skip
PEOPLE = ("zhiban", "paidan", "ducha", "shuji", "guanliban", "wuye", "jumin", "xitong")


def title(row: Any) -> str:
    return str(row.title)


@pytest.fixture
def written(world):
    """Pieces of every kind by several units, some out; titles like formulas, with commas."""
    world.out = pages.released(world, title="=1+1", strands=("refined",), kicker="精细化治理")
    for name in ("楼道“清爽”了，好", "@居民", "夜市归位"):
        pages.begin(world, title=name)
    pages.begin(world, "shuji", title="陶家宅的一天", unit_id=world.units["@陶家宅"].pk, strands=("democratic",))
    by, now, unit = world.actor("paidan"), world.now, world.units["party"].pk
    issue = IssueData("社区简报", 1, date(2026, 3, 10), "a4", "", unit, (world.out.uuid,))
    for number in (1, 2):
        services.begin_issue(by=by, now=now, data=IssueData(**{**_fields(issue), "number": number}))
    for n, name in enumerate(("上半年工作", "+专题")):
        since = date(2026, 1 + n, 1)
        report = ReportData(name, "half_year" if not n else "topic", since, since + timedelta(days=20), unit, {})
        services.begin_report(by=by, now=now, data=report)
    method = {"kind": "method", "proposer": "党总支", "summary": "三带", "steps": "带头\n带动"}
    for who, name, home in (("shuji", "三带工作法", "@陶家宅"), ("guanliban", "-5 分钟", "management")):
        data = MethodData(**{**method, "title": name, "unit_id": world.units[home].pk})
        services.begin_method(by=world.actor(who), now=now, data=data)
    pages.picture(world, title="=清理后")
    film = MediaData(kind="link", title="短片", url="https://example.org/v/1", credit="融媒体中心")
    services.add_media(by=by, now=now, data=film)
    return world


def _fields(data: Any) -> dict[str, Any]:
    return {name: getattr(data, name) for name in data.__dataclass_fields__}


@pytest.mark.parametrize("code", sorted(URLS))
def test_a_list_of_words_out_leaves_as_each_of_its_readers_sees_it(written, code):
    for who in ("zhiban", "shuji", "guanliban"):
        client = enter(written, who)
        if client.get(URLS[code]).status_code != 200:
            continue
        assert button(client, URLS[code], code)
        for query in ("", "box=released", "q=陶家宅", "strand=refined", "kind=link", "cleared=yes", "channel=portal"):
            agree(client, code, URLS[code], title, query)
    sheet = sheet_of(enter(written, "zhiban"), code, "box=released" if code == "articles" else "")
    assert sheet.max_row > 2
    assert plain(sheet)


def test_who_sees_all_articles_takes_all_and_a_secretary_their_own(written):
    all_of_them = {"楼道“清爽”了，好", "@居民", "夜市归位", "陶家宅的一天"}
    assert set(first(enter(written, "paidan"), "articles")) == all_of_them
    assert first(enter(written, "shuji"), "articles") == ["陶家宅的一天"]
    assert first(enter(written, "shuji"), "articles", "box=released") == ["=1+1"]
    found = lines(take(enter(written, "paidan"), "articles", query="box=released&strand=refined&q=1"))
    assert found[1] == ["标题", "引题", "来源单位", "三化", "修改", "状态"]
    assert found[2][:4] == ["'=1+1", "精细化治理", "街道社区管理办公室", "精细化提升"]
    assert found[2][5] == "已发布"
    for words in ("稿件：共 1 行", "分类 “已发布”", "三化 “精细化提升”", "搜索 “1”", "导出人 派单员"):
        assert words in found[0][0]
    assert "分类 “未发布”" in lines(take(enter(written, "paidan"), "articles"))[0][0]
    entry: Any = Entry.objects.filter(verb="exports.send", label="articles").order_by("id").first()
    assert entry.after["rows"] == 4


def test_the_other_lists_say_what_their_pages_say(written):
    client = enter(written, "zhiban")
    issue = lines(take(client, "issues"))[2:]
    assert sorted(r[:4] for r in issue) == [["社区简报", n, "2026-03-10", "A4 简报"] for n in ("1", "2")]
    report = {r[0].removeprefix("'"): r[1:] for r in lines(take(client, "reports"))[2:]}
    assert report["上半年工作"] == ["半年通报", "2026-01-01", "2026-01-21", "起草"]
    assert report["+专题"][0] == "专题报告"
    method = {r[0].removeprefix("'"): r[1:] for r in lines(take(client, "methods"))[2:]}
    assert method["三带工作法"][:2] == ["工作法", "党总支"]
    found = lines(take(client, "media", query="kind=link&cleared=no"))
    assert found[2:] == [["短片", "外部链接", "融媒体中心", "", "未确认", "0"]]
    assert "种类 “外部链接”" in found[0][0]
    assert "能否公开 “未确认”" in found[0][0]
    Release.objects.update(outside_number="WX-9", to_check=True)
    found = lines(take(client, "releases", query="channel=portal&check=yes"))
    assert found[2][0:2] == ["'=1+1", Release.objects.get().channel.name]
    assert found[2][3:] == ["派单员 派单员甲", "WX-9", "已发布", "是"]
    assert "只看要核对的 “是”" in found[0][0]


@pytest.mark.parametrize("code", [*sorted(URLS), "pleas"])
def test_a_list_of_words_out_is_refused_as_its_page_is(written, code):
    url = URLS.get(code, f"{BASE}pleas/")
    out = refused_alike(written, PEOPLE, code, url)
    assert {"wuye", "jumin", "xitong"} <= set(out)
    assert ("ducha" in out) == (code in {"releases", "pleas"})
    assert ("shuji" in out) == (code in {"issues", "releases", "pleas"})


def test_pleas_leave_without_who_asks_and_why_for_those_who_decide(written):
    plea = Plea("portrait", "第一张照片能认出我母亲，没有同意公开。", "王阿姨", "13900000000")
    for _n in range(2):
        services.file_plea(by=GUEST, now=written.now, article=written.out, plea=plea)
    done = TakedownRequest.objects.order_by("pk")[0]
    services.answer_plea(
        by=written.actor("lingdao"), now=written.now, plea=done, answer="kept", reply="图中看不出是谁，保留原文。",
        article_version=written.out.version,
    )  # fmt: skip
    late = TakedownRequest.objects.exclude(pk=done.pk)
    late.update(due_on=written.now.date() - timedelta(days=1))
    client = enter(written, "lingdao")
    assert button(client, f"{BASE}pleas/", "pleas")
    for query, said in (("", "已超期"), ("box=answered", "保留原文")):
        found = lines(take(client, "pleas", query=query))
        assert column(found, "稿件") == ["'=1+1"]
        assert walked(client, f"{BASE}pleas/", lambda p: p.article.title, query) == ["=1+1"]
        assert column(found, "状态") == [said]
        assert column(found, "涉及") == ["肖像"]
        for secret in ("王阿姨", "139", "母亲"):
            assert secret not in str(found)
    assert "分类 “已答复”" in found[0][0]


def test_the_rows_behind_a_figure_of_a_report_leave_with_its_days(written):
    client, code = enter(written, "zhiban"), "publishing.released"
    url, query = f"{BASE}figures/{code}/", "since=2026-03-01&until=2026-03-31"
    assert button(client, f"{url}?{query}", "report_figure", f"code={code}")
    fixed = f"code={code}"
    taken = agree(client, "report_figure", url, lambda r: r["cells"][0], query, rows="rows", fixed=fixed)
    assert taken
    found = lines(take(client, "report_figure", query=query, fixed=fixed))
    page = client.get(f"{url}?{query}").context
    assert found[1] == [str(c) for c in page["columns"]]
    assert found[0][0].startswith(str(page["figure"].name))
    assert "2026-03-01 至 2026-03-31" in found[0][0]
    whole = lines(take(client, "report_figure", query=f"{query}&topic=没有这个专题", fixed=fixed))[0][0]
    assert whole.endswith("说明：报告的专题是“没有这个专题”，这个数字分不出专题，是全部的。")
    for wrong in ("since=2026-03-31&until=2026-03-01", "since=x&until=2026-03-01", ""):
        assert take(client, "report_figure", query=wrong, fixed=fixed).status_code == 404
    assert take(client, "report_figure", query=query, fixed="code=nothing").status_code == 404
    assert take(client, "report_figure", query=query).status_code == 404
    assert "shuji" in refused_alike(written, PEOPLE, "report_figure", url, query, fixed=fixed)


def test_words_out_leave_in_as_many_statements_however_many_there_are(written):
    client = enter(written, "zhiban")
    before = {code: statements(client, code) for code in URLS}
    for n in range(12):
        pages.begin(written, title=f"第 {n} 篇", strands=("refined",))
    assert Article.objects.count() == 17
    for n in range(6):
        pages.picture(written, title=f"图 {n}")
        services.begin_method(
            by=written.actor("shuji"), now=written.now,
            data=MethodData(kind="method", title=f"工作法 {n}", unit_id=written.units["@陶家宅"].pk, summary="一二三",
                            steps="一步"),
        )  # fmt: skip
    assert {code: statements(client, code) for code in URLS} == before
    assert max(before.values()) < 16
