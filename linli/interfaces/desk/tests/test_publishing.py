"""Words out as the desk's pages: from a draft through the review to three channels, and a request to take it down."""

import json
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.foundation.accounts.models import User
from linli.foundation.messages import selectors as letters
from linli.foundation.messages.models import Message
from linli.interfaces.desk.tests.help import enter
from linli.programmes.publishing import selectors
from linli.programmes.publishing.models import Article, Channel, Issue, Media, Method, Release, TakedownRequest
from linli.programmes.publishing.tests import pages

pytestmark = pytest.mark.django_db
BASE = "/desk/publishing/"


def form(world, **more):
    return {
        "title": "楼道清爽了",
        "kicker": "精细化治理",
        "body": pages.BODY,
        "unit": world.units["management"].pk,
        "reporter": "社区通讯员",
        "editor": "党政办",
        "photographer": "社区通讯员",
        "topic": "楼道堆物",
        "strands": ["refined"],
        "area": "",
        **more,
    }


def press(client, article, act, **more):
    article.refresh_from_db()
    address = f"{BASE}article/{article.uuid}/act/"
    return client.post(address, {"act": act, "version": article.version, **more})


@pytest.mark.mechanism("000-29", "003-20", "004-05", "004-40", "003-19")
def test_an_article_from_draft_through_review_to_three_channels_and_a_take_down(world):
    writer, reviewer, centre = enter(world, "guanliban"), enter(world, "lingdao"), enter(world, "paidan")
    media = pages.picture(world)
    sent = form(world, body=pages.BODY + "\n\n[图1]", **{f"place_{media.pk}": "1", f"caption_{media.pk}": "清理后"})
    done = writer.post(f"{BASE}new/", sent)
    assert done.status_code == 302
    article = Article.objects.get()
    page = writer.get(done["Location"]).content.decode()
    for words in (
        "楼道清爽了",
        "精细化治理",
        "街道社区管理办公室",
        "记者／社区通讯员",
        "摄影：社区通讯员",
        "精细化提升",
    ):
        assert words in page
    assert press(writer, article, "hand_in").status_code == 302
    assert press(writer, article, "approve").status_code == 403
    listed = reviewer.get(f"{BASE}?box=review").content.decode()
    assert "楼道清爽了" in listed
    assert press(reviewer, article, "approve").status_code == 302
    for channel in ("portal", "wechat", "paper"):
        assert press(centre, article, "release", channel=channel).status_code == 302
    assert press(centre, article, "release", channel="wechat").status_code == 409
    html = centre.get(f"{BASE}articles/{article.uuid}/wechat/").content.decode()
    assert "text-indent:2em" in html
    assert "【此处插入图1】" in html
    file = centre.get(f"{BASE}articles/{article.uuid}/wechat/?file=1").content.decode()
    assert "data:image/jpeg;base64," in file
    assert "<p" in file
    records = centre.get(f"{BASE}releases/").content.decode()
    assert records.count("楼道清爽了") == 3
    told: Any = Release.objects.get(channel__code="wechat")
    noted = {"act": "note", "link": "https://example.org/s/1", "outside_number": "WX-9"}
    assert centre.post(f"{BASE}releases/{told.uuid}/", noted).status_code == 302

    public = Client()
    shown = public.get(f"/news/{article.uuid}/").content.decode()
    for words in (
        "楼道清爽了",
        "街道社区管理办公室",
        "记者／社区通讯员",
        "编辑／党政办",
        "图片／社区通讯员",
        "申请删除",
    ):
        assert words in shown
    address = f"/news/{article.uuid}/takedown/"
    wrong = public.post(address, {"right": "portrait", "statement": "太短", "contact": "13900000000"})
    assert wrong.status_code == 422
    assert "至少 10 个字" in wrong.content.decode()
    assert "13900000000" in wrong.content.decode()
    assert not TakedownRequest.objects.exists()
    plea = {"right": "portrait", "statement": "第一张照片能认出我母亲，没有同意公开。", "contact": "13900000000"}
    filed = public.post(address, plea)
    assert filed.status_code == 201
    code = filed.context["code"]
    row = TakedownRequest.objects.get()
    assert "2026-03-24" in filed.content.decode()
    assert enter(world, "paidan").get(f"{BASE}pleas/{row.uuid}/").status_code == 403
    one = reviewer.get(f"{BASE}pleas/{row.uuid}/").content.decode()
    assert "能认出我母亲" in one
    assert "13900000000" not in one
    assert "13900000000" in reviewer.post(f"{BASE}pleas/{row.uuid}/", {"act": "open"}).content.decode()
    assert reviewer.post(f"{BASE}pleas/{row.uuid}/", {"act": "hide", "why": "先隐去"}).status_code == 302
    assert public.get(f"/news/{article.uuid}/").status_code == 404
    assert public.get(f"/news/photo/{media.file.uuid}/320/").status_code == 404
    article.refresh_from_db()
    answer = {"act": "answer", "answer": "withdrawn", "reply": "", "version": article.version}
    refused = reviewer.post(f"{BASE}pleas/{row.uuid}/", answer)
    assert refused.status_code == 422
    assert reviewer.post(f"{BASE}pleas/{row.uuid}/", {**answer, "reply": "照片已撤下，向您致歉。"}).status_code == 302
    article.refresh_from_db()
    assert (article.state, set(Release.objects.values_list("state", flat=True))) == ("withdrawn", {"taken_back"})
    said = public.post("/news/answer/", {"code": code.lower()}).content.decode()
    assert "照片已撤下，向您致歉。" in said
    assert public.post("/news/answer/", {"code": "2222222222"}).status_code == 404


@pytest.mark.mechanism("004-40")
def test_an_article_begins_from_a_closed_case_with_its_facts(world, reported):
    case = reported("closed")
    head = enter(world, "zhongdui")
    chooser = head.get(f"{BASE}from/?kind=case").content.decode()
    assert case.number in chooser
    page = head.get(f"{BASE}new/?from=case&ref={case.number}").content.decode()
    assert "【请补充" in page
    assert case.number in page
    assert "城市管理行政执法队" in page or "执法" in page
    assert "王阿姨" not in page
    assert "12 号" not in page
    value = f"case|{case.number}|{case.number} 垃圾"
    sent = form(world, unit=world.units["enforcement"].pk, body="【请补充：怎么做的】", link=value)
    assert head.post(f"{BASE}new/", sent).status_code == 302
    article = Article.objects.get()
    assert article.links[0]["ref"] == case.number
    assert "还没写完" in head.get(f"{BASE}articles/{article.uuid}/").content.decode()


def test_a_form_that_is_refused_keeps_what_was_typed(world):
    client = enter(world, "guanliban")
    refused = client.post(f"{BASE}new/", form(world, title="", body="写了很久的正文"))
    assert refused.status_code == 422
    assert "写了很久的正文" in refused.content.decode()
    other = client.post(f"{BASE}new/", form(world, unit=world.units["police"].pk))
    assert other.status_code == 422
    assert not Article.objects.exists()


def test_of_two_editors_the_second_sees_both_texts_and_can_merge(world):
    article = pages.begin(world)
    one, two = enter(world, "guanliban"), enter(world, "paidan")
    address = f"{BASE}articles/{article.uuid}/edit/"
    assert one.post(address, {**form(world, title="甲改的标题"), "version": 1}).status_code == 302
    stale = two.post(address, {**form(world, title="乙改的标题", body="乙写的正文"), "version": 1})
    page = stale.content.decode()
    assert stale.status_code == 409
    for words in ("刚刚被别人改过", "甲改的标题", "乙改的标题", "乙写的正文", "合并好了，保存"):
        assert words in page
    article.refresh_from_db()
    assert article.title == "甲改的标题"
    assert stale.context["version"] == 2
    assert two.post(address, {**form(world, title="合并后"), "version": 2}).status_code == 302


def test_the_reviewer_sees_what_was_found_with_its_place_and_writes_why_it_may_stand(world):
    article = pages.handed_in(world, body="居民王建国说，楼道干净了。")
    reviewer = enter(world, "lingdao")
    page = reviewer.get(f"{BASE}articles/{article.uuid}/").content.decode()
    for words in ("可能是居民的姓名", "王建国", "正文", "可以保留的理由"):
        assert words in page
    refused = press(reviewer, article, "approve")
    assert refused.status_code == 422
    assert "还有 1 处没有处理" in refused.content.decode()
    key = selectors.findings(article, world.now)[0].key
    assert press(reviewer, article, "approve", **{f"reason_{key}": "本人书面同意公开"}).status_code == 302
    article.refresh_from_db()
    assert article.reasons == {key: "本人书面同意公开"}


def test_sending_back_needs_the_reason_which_the_writer_reads(world):
    article = pages.handed_in(world)
    reviewer = enter(world, "lingdao")
    refused = press(reviewer, article, "send_back")
    assert refused.status_code == 422
    assert press(reviewer, article, "send_back", reason_send_back="请写明日期").status_code == 302
    page = enter(world, "guanliban").get(f"{BASE}articles/{article.uuid}/edit/").content.decode()
    assert "请写明日期" in page


def test_a_correction_is_published_with_its_notice(world):
    article = pages.released(world)
    address = f"{BASE}articles/{article.uuid}/correct/"
    assert enter(world, "guanliban").get(address).status_code == 200
    sent = {"title": "楼道清爽了", "kicker": "", "body": "两周清完。", "version": article.version}
    client = enter(world, "lingdao")
    assert client.post(address, sent).status_code == 422
    assert client.post(address, {**sent, "notice": "“一周”应为“两周”。"}).status_code == 302
    shown = Client().get(f"/news/{article.uuid}/").content.decode()
    assert "“一周”应为“两周”。" in shown
    assert "两周清完。" in shown


def test_versions_are_kept_and_can_be_read(world):
    article = pages.begin(world)
    client = enter(world, "guanliban")
    client.post(f"{BASE}articles/{article.uuid}/edit/", {**form(world, body="第二稿的正文"), "version": 1})
    assert "第二稿的正文" in client.get(f"{BASE}article/{article.uuid}/versions/2/").content.decode()
    first = client.get(f"{BASE}article/{article.uuid}/versions/1/").content.decode()
    assert "第二稿的正文" not in first
    assert "集中清运" in first
    assert client.get(f"{BASE}article/{article.uuid}/versions/9/").status_code == 404


def test_an_issue_is_put_together_reviewed_and_printed_on_both_papers(world):
    one, two = pages.reviewed(world, title="头条"), pages.released(world, title="二条")
    centre = enter(world, "paidan")
    page = centre.get(f"{BASE}issues/new/").content.decode()
    assert "头条" in page
    sent = {
        "title": "社区简报",
        "number": 1,
        "day": "2026-03-10",
        "paper": "a3",
        "publisher": "华阳路街道党工委、办事处",
        "unit": world.units["party"].pk,
    }
    none = centre.post(f"{BASE}issues/new/", sent)
    assert none.status_code == 422
    assert "请至少选择一篇稿件" in none.content.decode()
    draft = pages.begin(world, title="草稿")
    assert centre.post(f"{BASE}issues/new/", {**sent, f"place_{draft.uuid}": "1"}).status_code == 422
    sent |= {f"place_{two.uuid}": "2", f"place_{one.uuid}": "1"}
    assert centre.post(f"{BASE}issues/new/", sent).status_code == 302
    issue = Issue.objects.get()
    assert [a.title for a in selectors.articles_of(issue)] == ["头条", "二条"]
    again = centre.post(f"{BASE}issues/new/", sent)
    assert again.status_code == 422
    assert "这个期号已经有了" in again.content.decode()
    a3 = centre.get(f"{BASE}issues/{issue.uuid}/print/").content.decode()
    assert "newspage" in a3
    assert "华阳路街道党工委、办事处" in a3
    a4 = centre.get(f"{BASE}issues/{issue.uuid}/print/?size=a4").content.decode()
    assert "目录" in a4
    act = f"{BASE}issue/{issue.uuid}/act/"
    assert centre.post(act, {"act": "hand_in", "version": 1}).status_code == 302
    assert enter(world, "lingdao").post(act, {"act": "approve", "version": 2}).status_code == 302
    assert centre.post(act, {"act": "release", "version": 3, "channel": "paper"}).status_code == 302
    assert Release.objects.get(kind="issue").title == "社区简报"
    assert enter(world, "shegong").get(f"{BASE}issues/").status_code == 403


@pytest.mark.mechanism("001-42", "002-32")
def test_a_way_of_working_is_written_reviewed_and_read_by_everybody(world):
    sent = {
        "kind": "method",
        "title": "三带工作法",
        "unit": world.units["@陶家宅"].pk,
        "proposer": "居民区党总支书记",
        "summary": "党员带头、骨干带动、楼组带领。",
        "steps": "党员带头\n骨干带动\n楼组带领",
        "used_at": "陶家宅居民区",
        "evidence": "https://example.org/a",
        "exhibitions": "街道党建展示厅",
        "topic": "",
    }
    writer = enter(world, "shuji")
    assert writer.post(f"{BASE}methods/new/", {**sent, "steps": ""}).status_code == 422
    assert writer.post(f"{BASE}methods/new/", sent).status_code == 302
    method = Method.objects.get()
    assert Client().get(f"/methods/{method.uuid}/").status_code == 404
    act = f"{BASE}method/{method.uuid}/act/"
    writer.post(act, {"act": "hand_in", "version": 1})
    enter(world, "lingdao").post(act, {"act": "approve", "version": 2})
    assert enter(world, "paidan").post(act, {"act": "release", "version": 3, "channel": "portal"}).status_code == 302
    shown = Client().get(f"/methods/{method.uuid}/").content.decode()
    for words in ("三带工作法", "居民区党总支书记", "骨干带动", "陶家宅居民区", "街道党建展示厅", "example.org/a"):
        assert words in shown
    assert "三带工作法" in Client().get("/methods/?q=带头").content.decode()
    assert "没有找到" in Client().get("/methods/?q=无此").content.decode()
    # Shared experience takes the same way; other neighbourhoods' staff find it.
    exchange = {**sent, "kind": "experience", "title": "联勤联动站建设经验", "steps": ""}
    assert writer.post(f"{BASE}methods/new/", exchange).status_code == 302
    found = enter(world, "lingdao").get(f"{BASE}methods/?q=联勤").content.decode()
    assert "联勤联动站建设经验" in found


@pytest.mark.mechanism("003-03")
def test_a_film_and_a_picture_stand_in_the_library_with_their_clearance(world):
    client = enter(world, "shegong")
    film = {"kind": "link", "title": "一周年回顾短片", "url": "https://example.org/v/1", "credit": "融媒体中心"}
    assert client.post(f"{BASE}media/new/", {**film, "url": "javascript:x"}).status_code == 422
    assert client.post(f"{BASE}media/new/", film).status_code == 302
    photo = {"kind": "photo", "title": "会场", "recognisable": "yes"}
    none = client.post(f"{BASE}media/new/", photo)
    assert none.status_code == 422
    jpg = SimpleUploadedFile("a.jpg", pages.jpeg(), "image/jpeg")
    assert client.post(f"{BASE}media/new/", {**photo, "file": jpg}).status_code == 302
    media = Media.objects.get(kind="photo")
    address = f"{BASE}media/{media.uuid}/"
    assert client.post(address, {"title": "会场", "cleared": "yes", "version": 1}).status_code == 403
    centre = enter(world, "paidan")
    wrong = centre.post(address, {"title": "会场", "recognisable": "yes", "cleared": "yes", "version": 1})
    assert wrong.status_code == 422
    assert "本人怎样同意" in wrong.content.decode()
    good = {"title": "会场", "recognisable": "yes", "consent": "现场口头同意", "cleared": "yes", "version": 1}
    assert centre.post(address, good).status_code == 302
    assert centre.post(address, good).status_code == 409
    media.refresh_from_db()
    assert media.may_go_out
    assert client.get(f"{address}320/").status_code == 200
    listed = client.get(f"{BASE}media/?q=回顾").content.decode()
    assert "一周年回顾短片" in listed
    article = pages.begin(world, by="paidan", media=((media.pk, ""),))
    assert article.title in centre.get(address).content.decode()
    assert centre.post(address, {"act": "withdraw", "reason": ""}).status_code == 422
    assert centre.post(address, {"act": "withdraw", "reason": "本人要求"}).status_code == 302


@pytest.mark.mechanism("000-29")
def test_the_exchange_file_goes_out_and_comes_back(world):
    article = pages.reviewed(world)
    pages.release(world, article, "cloud")
    centre = enter(world, "paidan")
    raw = json.loads(centre.get(f"{BASE}cloud.json").content)
    assert raw["format"] == "linli.community-cloud/1"
    assert raw["items"][0]["title"] == "楼道清爽了"
    sheet: Any = openpyxl.load_workbook(BytesIO(centre.get(f"{BASE}cloud.xlsx").getvalue())).active
    assert [c.value for c in sheet[2]][:2] == ["标识", "标题"]
    raw["items"][0] |= {"outside_number": "SQY-1", "link": "https://example.org/c/1"}
    raw["items"].append({"title": "区里转来的通知", "body": "正文", "outside_number": "SQY-2", "unit": ""})

    def send(content, name="a.json"):
        return centre.post(f"{BASE}cloud/", {"file": SimpleUploadedFile(name, content)})

    bad = json.loads(json.dumps(raw))
    bad["items"].append({"title": "", "link": "x", "released_on": "昨天"})
    refused = send(json.dumps(bad).encode())
    assert refused.status_code == 422
    for words in ("什么都没有导入", "第 3 条", "没有填写", "日期应写成"):
        assert words in refused.content.decode()
    assert Article.objects.count() == 1
    assert send(json.dumps(raw).encode()).status_code == 302
    assert Release.objects.get().outside_number == "SQY-1"
    assert Article.objects.get(outside_number="SQY-2").state == "draft"
    send(json.dumps(raw).encode())
    assert Article.objects.count() == 2
    for junk in (b"", b"PK\x03\x04junk", b"[]", b"\xff\xfe", b'{"format": "x"}'):
        assert send(junk or b" ").status_code == 422
    back = BytesIO()
    book = openpyxl.Workbook()
    rows: Any = book.active
    for line in (["标识", "标题", "状态"], [str(article.uuid), "", "已撤下"]):
        rows.append(line)
    book.save(back)
    assert send(back.getvalue(), "a.xlsx").status_code == 302
    assert Release.objects.get().state == "taken_back"
    assert enter(world, "ducha").get(f"{BASE}cloud/").status_code == 403


def test_channels_are_data(world):
    centre = enter(world, "paidan")
    page = centre.get(f"{BASE}channels/").content.decode()
    for words in ("微信公众号", "微博", "客户端", "社区报", "居民网页", "公告栏", "社区云"):
        assert words in page
    fields = {"code": "tv", "name": "楼宇电视", "kind": "board", "order": 90, "active": "yes"}
    assert centre.post(f"{BASE}channels/", {**fields, "code": "TV!"}).status_code == 422
    assert centre.post(f"{BASE}channels/", fields).status_code == 302
    assert Channel.objects.get(code="tv").name == "楼宇电视"
    Channel.objects.all().delete()
    assert "加入常用渠道" in centre.get(f"{BASE}channels/").content.decode()
    centre.post(f"{BASE}channels/", {"act": "adopt"})
    assert Channel.objects.count() == 8


@pytest.mark.slow
def test_lists_stay_bounded(world, django_assert_max_num_queries):
    for n in range(220):
        Article.objects.create(
            title=f"第{n}篇",
            body="正文",
            unit=world.units["management"],
            author_label="x",
            created_at=world.now,
            changed_at=world.now,
            strands="|refined|",
        )
    client = enter(world, "paidan")
    client.get(BASE)
    with django_assert_max_num_queries(8):
        page = client.get(BASE)
    assert "下一页" in page.content.decode()
    with django_assert_max_num_queries(8):
        found = client.get(f"{BASE}?q=第21&strand=refined")
    assert "第219篇" in found.content.decode()
    assert "第9篇" not in found.content.decode()


def told(template):
    """Return who was told by a template (login names), and the page that the messages lead to."""
    rows = list(Message.objects.filter(template=template))
    names = User.objects.filter(pk__in=[r.user_id for r in rows])
    return {u.username for u in names}, {letters.url_of(r) for r in rows}


@pytest.mark.mechanism("004-40")
def test_who_is_to_review_and_release_and_who_wrote_are_told_each_in_their_turn(world):
    writer, reviewer, centre = enter(world, "guanliban"), enter(world, "lingdao"), enter(world, "paidan")
    writer.post(f"{BASE}new/", form(world))
    article = Article.objects.get()
    address = f"{BASE}articles/{article.uuid}/"
    assert not Message.objects.filter(template__startswith="publishing.").exists()
    assert press(writer, article, "hand_in").status_code == 302
    names, urls = told("publishing.to_review")
    assert {"lingdao", "zhiban"} <= names
    assert not {"guanliban", "paidan", "shegong"} & names  # who wrote it, who may not review
    assert urls == {address}
    assert reviewer.get(address).status_code == 200
    assert press(reviewer, article, "send_back").status_code == 422
    assert not Message.objects.filter(template="publishing.sent_back").exists()
    assert press(reviewer, article, "send_back", reason_send_back="请写明时间").status_code == 302
    assert told("publishing.sent_back") == ({"guanliban"}, {address})
    assert "请写明时间" in letters.words_of(Message.objects.get(template="publishing.sent_back")).body
    assert press(writer, article, "hand_in").status_code == 302
    assert press(reviewer, article, "approve").status_code == 302
    names, urls = told("publishing.to_release")
    assert {"paidan", "zhiban", "guanliban"} <= names
    assert "lingdao" not in names  # who let it through knows
    for channel in ("portal", "wechat"):
        assert press(centre, article, "release", channel=channel).status_code == 302
    assert told("publishing.released") == ({"guanliban"}, {address})
    assert Message.objects.filter(template="publishing.released").count() == 1  # not once for each channel
    assert writer.get(address).status_code == 200


def test_a_bulletin_leads_its_reviewer_to_its_own_page(world):
    lead = pages.reviewed(world)
    centre = enter(world, "paidan")
    sent = {"title": "社区报", "number": 3, "day": "2026-03-11", "paper": "a4", "publisher": "街道党工委",
            "unit": world.units["party"].pk, f"place_{lead.uuid}": "1"}  # fmt: skip
    assert centre.post(f"{BASE}issues/new/", sent).status_code == 302
    issue = Issue.objects.get()
    done = centre.post(f"{BASE}issue/{issue.uuid}/act/", {"act": "hand_in", "version": issue.version})
    assert done.status_code == 302
    rows = Message.objects.filter(template="publishing.to_review", subject_uuid=issue.uuid)
    assert {letters.url_of(r) for r in rows} == {f"{BASE}issues/{issue.uuid}/"}
    assert enter(world, "lingdao").get(f"{BASE}issues/{issue.uuid}/").status_code == 200
