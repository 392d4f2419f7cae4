"""专报: what it says by rule, its two files opened by other libraries, who may have it."""

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.cases.tests.steps import raise_case, to_closed
from linli.engines.indicators import services
from linli.engines.indicators.definitions import FIGURES
from linli.engines.indicators.types import Unit, Value
from linli.foundation.core import clock
from linli.foundation.exports import services as exports
from linli.foundation.exports.models import Export
from linli.foundation.exports.types import PAPERS
from linli.foundation.files.models import StoredFile
from linli.foundation.jobs import services as jobs
from linli.foundation.journal.models import Entry
from linli.foundation.messages.models import Message
from linli.foundation.people.models import Appointment
from linli.interfaces.desk.figures.briefing.content import numeral
from linli.interfaces.desk.figures.briefing.telling import _CLOSING, _OPENING, Run, lines_of, moved, pieces, said
from linli.interfaces.desk.tests.help import enter

pytestmark = pytest.mark.django_db
URL = "/desk/figures/brief/"
SHOWN = "show=intake&show=on_time&show=time_to_close&show=satisfaction"


@pytest.fixture
def folded(world):
    made = [to_closed(world, raise_case(world)) for _n in range(2)] + [raise_case(world)]
    services.fold_all(now=world.now)
    with clock.frozen(world.now + timedelta(hours=1)):
        yield made


def take(client, kind, query=SHOWN):
    return client.post("/exports/of/figures_brief/", {"form": kind, "query": query})


def work():
    jobs.drain(now=clock.now())


def file(client, kind, query=SHOWN):
    """Return a paper, whether it comes at once or is written by the worker."""
    answer: Any = take(client, kind, query)
    if answer.status_code == 302:
        work()
        answer = client.get(f"{answer['Location']}file")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    assert "private" in answer["Cache-Control"]
    return b"".join(answer.streaming_content)


def asked(world, who="lingdao", kind="pdf", query=SHOWN):
    """Ask for a long paper; return its row."""
    answer = take(enter(world, who), kind, query)
    assert answer.status_code == 302
    return Export.objects.get(uuid=answer["Location"].split("/")[-2])


def test_the_page_shows_the_paper_with_numbers_that_open(world, folded):
    client = enter(world, "lingdao")
    page = client.get(f"{URL}?{SHOWN}&by=unit&title=第一季度专报&issue=第3期&from=城运中心").content.decode()
    for words in ("第一季度专报", "第3期", "城运中心", "受理量 3 件", "按时办结率 100.0%", "上期", "注释", "附录"):
        assert words in page
    number = folded[0].number
    assert f"<td>{number}</td>" not in page  # told by title: the box for the rows is not ticked
    assert f"<td>{number}</td>" in client.get(f"{URL}?{SHOWN}").content.decode()
    brief = client.get(f"{URL}?{SHOWN}").context["brief"]
    for note in brief.notes:
        assert client.get(note.url.removeprefix("http://testserver")).status_code == 200


def test_word_holds_what_the_page_shows_with_links_pictures_and_heads_that_repeat(world, folded):
    document = Document(io.BytesIO(file(enter(world, "lingdao"), "docx", SHOWN + "&by=unit")))
    text = "\n".join(p.text for p in document.paragraphs)
    for words in ("治理数据专报", "统计时段为", "受理量 3 件", "同期：", "注释", "附录：计入的件", "不给个人排名"):
        assert words in text
    cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
    assert {c.number for c in folded} <= set(cells)
    assert str(world.units["enforcement"].short_name) in cells
    links = [r.target_ref for r in document.part.rels.values() if r.is_external]
    assert any("/desk/figures/on_time/" in link for link in links)
    assert len(document.inline_shapes) == 3  # nobody was asked for satisfaction: no chart of nothing
    assert all("tblHeader" in t.rows[0]._tr.xml for t in document.tables)


def test_pdf_says_the_same_and_its_pages_are_drawn_with_chinese_letters(world, folded):
    document = pypdfium2.PdfDocument(file(enter(world, "lingdao"), "pdf"))
    text = "".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "").replace("\n", "")
    for words in ("治理数据专报", "受理量 3 件", "按时办结率 100.0%", folded[0].number, "第 1 页"):
        assert words in text
    for page in document:
        assert sum(page.render(scale=1).to_pil().convert("L").histogram()[:160]) > 100
    fonts = {f for page in document for f in _fonts(page)}
    assert any("NotoSerif" in f for f in fonts)
    assert any("NotoSans" in f for f in fonts)
    document.close()


def _fonts(page):
    found = set()
    for text in page.get_objects(filter=(pypdfium2.raw.FPDF_PAGEOBJ_TEXT,)):
        found.add(text.get_font().get_base_name())
    return found


def test_what_one_reads_is_what_the_paper_counts(world, folded):
    page = enter(world, "zhongdui").get(f"{URL}?{SHOWN}").content.decode()
    assert "只计本人能查看的案件" in page
    for who, status in (("jumin", 403), ("wuye", 403), ("xitong", 403), ("paidan", 200)):
        assert enter(world, who).get(URL).status_code == status
        answer = take(enter(world, who), "docx", "show=intake")
        assert answer.status_code == status
        answer.getvalue()
    assert take(enter(world, "paidan"), "exe").status_code == 422


def test_taking_it_out_is_journalled_with_its_rows(world, folded):
    file(enter(world, "lingdao"), "docx", "show=intake")
    entry: Any = Entry.objects.get(verb="exports.send", label="figures_brief")
    assert (entry.after["rows"], entry.after["form"]) == (3, "docx")
    file(enter(world, "lingdao"), "docx", "show=intake&title=无附录")
    last: Any = Entry.objects.filter(verb="exports.send").order_by("-id").first()
    assert last.after["rows"] == 0


def test_a_long_paper_is_written_chapter_by_chapter_and_fetched_by_who_asked_alone(world, folded, monkeypatch):
    paper, said = PAPERS["figures_brief"], []
    mine = enter(world, "lingdao")

    def write(asking, form, tick):
        def told(done, step):
            tick(done, step)
            said.append((done, step, mine.get(f"/exports/{row.uuid}/").content.decode()))

        return paper.write(asking, form, told)

    row = asked(world)
    assert "every 2s" in mine.get(f"/exports/{row.uuid}/").content.decode()
    assert mine.get(f"/exports/{row.uuid}/file").status_code == 404
    monkeypatch.setitem(PAPERS, "figures_brief", replace(paper, write=write))
    work()
    assert [done for done, _step, _page in said] == list(range(8))
    for done, step, page in said[:-1]:
        assert f"已写 {done} 章，共 7 章" in page
        assert f"正在写：{step}" in page
    assert [step for _done, step, _page in said[1:3]] == ["二、受理量", "三、按时办结率"]
    page = mine.get(f"/exports/{row.uuid}/").content.decode()
    assert "共 7 章" in page
    assert "every 2s" not in page
    fetched = mine.get(f"/exports/{row.uuid}/file")
    assert fetched["Content-Type"] == "application/pdf"
    fetched.getvalue()
    assert "治理数据专报" in mine.get("/exports/").content.decode()
    for other in ("zhiban", "paidan", "wuye"):
        for url in ("", "file"):
            assert enter(world, other).get(f"/exports/{row.uuid}/{url}").status_code == 404
    told = Message.objects.get(template="exports.paper_ready")
    assert told.user_id == world.users["lingdao"].pk
    verbs = list(Entry.objects.filter(verb__startswith="exports.").order_by("id").values_list("verb", flat=True))
    assert verbs == ["exports.ask", "exports.made", "exports.fetch"]
    entry: Any = Entry.objects.get(verb="exports.made")
    assert (entry.after["chapters"], entry.after["form"], entry.after["rows"] > 0) == (7, "pdf", True)


def test_a_paper_that_is_cancelled_while_it_is_written_leaves_no_file_and_can_be_begun_again(
    world, folded, monkeypatch
):
    paper, row = PAPERS["figures_brief"], asked(world)

    def write(asking, form, tick):
        def told(done, step):
            if done == 2:
                exports.cancel(by=world.actor("lingdao"), now=clock.now(), uuid=row.uuid)
            tick(done, step)

        return paper.write(asking, form, told)

    with monkeypatch.context() as patch:
        patch.setitem(PAPERS, "figures_brief", replace(paper, write=write))
        work()
    client = enter(world, "lingdao")
    row.refresh_from_db()
    assert (row.state, row.done, row.file_id) == ("cancelled", 1, None)
    assert "已取消，写完 1 章" in client.get(f"/exports/{row.uuid}/").content.decode()
    client.post(f"/exports/{row.uuid}/again/")
    work()
    row.refresh_from_db()
    assert (row.state, row.done) == ("ready", 7)
    assert StoredFile.objects.count() == 1


def test_who_lost_the_post_gets_no_paper_neither_written_nor_fetched(world, folded):
    written = asked(world)
    work()
    waiting = asked(world)
    Appointment.objects.filter(user__username="lingdao").update(ends_on=world.now.date() - timedelta(days=1))
    work()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.file_id) == ("failed", None)
    client = enter(world, "lingdao")
    assert client.get(f"/exports/{written.uuid}/file").status_code == 403
    assert client.post(f"/exports/{waiting.uuid}/again/").status_code == 403
    assert StoredFile.objects.count() == 1


def test_a_paper_counts_the_days_that_were_looked_at_whenever_it_is_written(world, folded):
    client = enter(world, "lingdao")
    query = client.get(f"{URL}?{SHOWN}&title=三月专报").context["query"]
    row = asked(world, query=query)
    with clock.frozen(world.now + timedelta(days=20)):
        work()
        row.refresh_from_db()
        assert (row.state, row.title) == ("ready", "三月专报")
        later: Any = enter(world, "lingdao").get(f"/exports/{row.uuid}/file")
        content = b"".join(later.streaming_content)
    document = pypdfium2.PdfDocument(content)
    text = "".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "").replace("\n", "")
    document.close()
    assert f"至 {world.now.date()}" in text
    assert "http://testserver/desk/figures/on_time/?since=" in text
    assert "附录" not in text  # a title was written, and the box for the rows not ticked


def test_a_short_paper_comes_at_once(world, folded):
    client = enter(world, "lingdao")
    for answer in (take(client, "pdf", "show=intake"), take(client, "docx")):
        assert answer.status_code == 200
        answer.getvalue()
    assert not Export.objects.exists()
    page = client.get(f"{URL}?{SHOWN}").content.decode()
    assert 'action="/exports/of/figures_brief/"' in page


def test_nonsense_in_the_address_does_no_harm(world, folded):
    client = enter(world, "lingdao")
    query = "title=%00%3Cb%3E&issue=%E2%80%AE&since=x&until=2020-01-01&by=person&show=nothing&unit=-1"
    page = client.get(f"{URL}?{query}").content.decode()
    assert "<b>" not in page.split("brief__title")[1][:200]
    file(client, "pdf", query)


def test_the_paper_takes_few_statements(world, folded, django_assert_max_num_queries):
    client = enter(world, "lingdao")
    client.get(f"{URL}?{SHOWN}")
    with django_assert_max_num_queries(60):
        client.get(f"{URL}?{SHOWN}&by=unit")


@given(st.integers(1, 98))
def test_chapters_are_counted_as_papers_count_them(n):
    assert numeral(n) != numeral(n + 1)
    assert (numeral(1), numeral(10), numeral(11), numeral(20), numeral(21)) == ("一", "十", "十一", "二十", "二十一")


shares = st.one_of(st.none(), st.floats(0, 100))


@given(st.sampled_from(sorted(FIGURES)), shares, shares)
def test_a_sentence_says_up_for_more_and_down_for_less_and_never_divides_by_nought(code, now, before):
    figure = FIGURES[code]
    value, was = (Value("", "", 1, 4, v, second=v) for v in (now, before))
    text = "".join(r.text for r in said(figure, value, was, 1))
    assert str(figure.name) in text
    if now is None:
        assert "没有可以计算的件" in text
    elif before is None:
        assert "上期没有可以比较的数" in text
    else:
        words = moved(figure, now, before)
        rose = {Unit.SHARE: "上升", Unit.TIME: "延长", Unit.COUNT: "增加"}[figure.unit]
        fell = {Unit.SHARE: "下降", Unit.TIME: "缩短", Unit.COUNT: "减少"}[figure.unit]
        assert (rose in words) <= (now > before)
        assert (fell in words) <= (now < before)
        assert sum(w in words for w in (rose, fell, "持平")) == 1


chinese = st.text(alphabet="居民区案件，。（）“”：、％ab12.% 的了", max_size=60)


@given(chinese)
def test_parts_are_the_text_and_no_mark_stands_where_none_may(text):
    parts = list(pieces(text))
    assert "".join(parts) == text
    assert not any(p[0] in _CLOSING for p in parts[1:])
    assert not any(p[-1] in _OPENING for p in parts[:-1])


@given(chinese, st.integers(4, 20))
def test_lines_hold_all_of_the_text_and_only_a_mark_hangs_over(text, width):
    lines = lines_of([Run(text)], float(width), 2.0, lambda t, _note: float(len(t)))
    assert "".join(piece.text for line in lines for piece in line) == text
    for line in lines:
        for piece in line:
            assert piece.x + len(piece.text) <= max(width, piece.x + 1) or piece.text[0] in _CLOSING or piece.x == 2.0
