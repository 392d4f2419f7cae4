"""The news as everybody reads it: what stands there, what does not, pictures, requests too often."""

import pytest
from django.test import Client

from linli.programmes.publishing import services
from linli.programmes.publishing.models import Article, Release, TakedownRequest
from linli.programmes.publishing.tests import pages

pytestmark = pytest.mark.django_db


@pytest.mark.mechanism("000-29")
def test_only_what_was_reviewed_and_released_to_the_residents_pages_is_read(world):
    shown = pages.released(world, title="公开的", kicker="引题一")
    elsewhere = pages.reviewed(world, title="只发微信的")
    pages.release(world, elsewhere, "wechat")
    hidden = [pages.begin(world, title="草稿的"), pages.reviewed(world, title="只审过的"), elsewhere]
    page = Client().get("/news/").content.decode()
    assert "公开的" in page
    assert "引题一" in page
    for article in hidden:
        assert article.title not in page
        assert Client().get(f"/news/{article.uuid}/").status_code == 404
        assert Client().get(f"/news/{article.uuid}/takedown/").status_code == 404
    assert "公开的" in Client().get("/news/?q=堆物").content.decode()
    assert "没有找到" in Client().get("/news/?q=无此内容").content.decode()
    paper = Client().get(f"/news/{shown.uuid}/print/").content.decode()
    assert "story--paper" in paper
    assert "社区动态" in Client().get("/").content.decode()


def test_nothing_that_is_typed_becomes_html(world):
    evil = "<script>alert(1)</script>\n\n- <img src=x onerror=alert(1)>\n\n**<b>粗</b>**"
    article = pages.released(world, title="<i>标题</i>", body=evil)
    for address in (f"/news/{article.uuid}/", f"/news/{article.uuid}/print/", "/news/"):
        page = Client().get(address).content.decode()
        for tag in ("<script>alert", "<img src=x", "<i>标题"):
            assert tag not in page
    assert "&lt;script&gt;" in Client().get(f"/news/{article.uuid}/").content.decode()


def test_a_picture_is_seen_only_where_it_stands_and_while_it_is_cleared(world):
    media, other = pages.picture(world), pages.picture(world, title="另一张")
    article = pages.released(world, media=((media.pk, "清理后"),))
    public = Client()
    assert public.get(f"/news/photo/{media.file.uuid}/320/").status_code == 200
    assert public.get(f"/news/photo/{other.file.uuid}/320/").status_code == 404
    page = public.get(f"/news/{article.uuid}/").content.decode()
    assert f"/news/photo/{media.file.uuid}/1600/" in page
    assert "清理后" in page
    services.withdraw_media(by=world.actor("paidan"), now=world.now, media=media, reason="本人要求")
    assert public.get(f"/news/photo/{media.file.uuid}/320/").status_code == 404
    assert str(media.file.uuid) not in public.get(f"/news/{article.uuid}/").content.decode()


@pytest.mark.mechanism("003-19")
def test_requests_are_limited_by_address_and_lose_nothing(world):
    article = pages.released(world)
    address = f"/news/{article.uuid}/takedown/"
    plea = {"right": "wrong", "statement": "第二段的数字不对，应为两卡车。"}
    public = Client()
    for _n in range(5):
        assert public.post(address, plea).status_code == 201
    late = public.post(address, plea)
    assert late.status_code == 429 or late.status_code == 403
    assert "第二段的数字不对" in late.content.decode()
    assert TakedownRequest.objects.count() == 5
    trapped = Client(REMOTE_ADDR="192.0.2.7").post(address, {**plea, "website": "x"})
    assert trapped.status_code == 422
    assert TakedownRequest.objects.count() == 5


def test_the_elder_mode_and_english_show_the_same_news(world):
    article = pages.released(world)
    client = Client()
    client.post("/preferences/", {"mode": "elder", "next": "/news/"})
    page = client.get(f"/news/{article.uuid}/").content.decode()
    assert 'data-mode="elder"' in page
    assert article.title in page


@pytest.mark.slow
def test_the_news_stays_bounded(world, django_assert_max_num_queries):
    first = pages.released(world)
    channel = Release.objects.get().channel
    for n in range(210):
        article = Article.objects.create(
            title=f"第{n}篇", body="正文", unit=world.units["management"], author_label="x", state="released",
            created_at=world.now, changed_at=world.now, released_at=world.now, reviewed_at=world.now,
        )  # fmt: skip
        Release.objects.create(
            kind="article", piece=article.uuid, title=article.title, version=1, channel=channel,
            released_at=world.now, released_label="x",
        )  # fmt: skip
    Client().get("/news/")
    with django_assert_max_num_queries(8):
        page = Client().get("/news/").content.decode()
    assert "下一页" in page
    with django_assert_max_num_queries(8):
        assert Client().get(f"/news/{first.uuid}/").status_code == 200
