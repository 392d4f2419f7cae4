"""Words out in a browser: writing to releasing by hand, and the community page on A3 paper."""

from datetime import timedelta

import pypdfium2
import pytest

from linli.foundation.core import clock
from linli.programmes.publishing import selectors, services
from linli.programmes.publishing.models import Article, Release
from linli.programmes.publishing.tests import pages
from linli.programmes.publishing.types import IssueData
from tests.login import log_in_page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

LONG = "街道会同物业逐户通知，集中清运堆物，三天时间清出两卡车，居民自己商定公约贴在门厅里，一个月后回头看。"


def test_an_article_is_written_reviewed_and_released_by_hand(world, live_server, browser_page):
    page = log_in_page(browser_page, world.users["guanliban"], live_server.url)
    page.goto("/desk/publishing/new/")
    page.fill("#article-title", "楼道清爽了")
    page.fill("#article-body", "居民王建国说，楼道清爽了。\n\n- 通知到户")
    page.click("button:has-text('保存草稿')")
    page.click("button:has-text('送审')")
    page.wait_for_selector("text=待审核")
    log_in_page(page, world.users["lingdao"], live_server.url)
    page.goto("/desk/publishing/?box=review")
    page.click("table a:has-text('楼道清爽了')")
    page.fill(".findings input", "本人书面同意公开姓名")
    page.click("button:has-text('审核通过')")
    page.select_option("select[name=channel]", "portal")
    page.click("button:has-text('发布')")
    page.wait_for_selector(".status:has-text('已发布')")
    assert Release.objects.get().channel.code == "portal"
    article = Article.objects.get()
    page.goto(f"/desk/publishing/articles/{article.uuid}/wechat/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("[data-copy]")
    page.wait_for_selector("text=已复制")
    copied = page.evaluate(
        "async () => { const [i] = await navigator.clipboard.read({ unsanitized: ['text/html'] });"
        " return (await i.getType('text/html')).text() }"
    )
    assert "楼道清爽了" in copied
    assert "text-indent" in copied


@pytest.mark.mechanism("004-05")
def test_the_community_page_is_two_sides_of_a3_with_nothing_cut(world, live_server, browser_page):
    media = pages.picture(world)
    texts = [
        "\n\n".join([LONG * 2, "[图1]", *(f"## 第{n}步\n\n{LONG * 4}\n\n{LONG * 3}" for n in range(8))]),
        "\n\n".join([LONG * 2] * 6),
        "\n\n".join([LONG, "- 一项\n- 又一项", LONG * 2]),
        "\n\n".join([LONG * 3] * 8),
    ]
    articles = [
        pages.reviewed(world, title=f"第{n}篇稿件的标题写得比较长一些", kicker="精细化治理", body=text,
                       reporter="社区通讯员", media=((media.pk, ""),) if n == 0 else ())
        for n, text in enumerate(texts)
    ]  # fmt: skip
    now = clock.now()
    issue = services.begin_issue(
        by=world.actor("paidan"),
        now=now,
        data=IssueData(
            "社区报", 7, (now + timedelta(days=1)).date(), "a3", "街道党工委、办事处", world.units["party"].pk,
            tuple(a.uuid for a in articles),
        ),
    )  # fmt: skip
    page = log_in_page(browser_page, world.users["paidan"], live_server.url)
    page.goto(f"/desk/publishing/issues/{issue.uuid}/print/")
    said = page.inner_text("main")
    assert "下转第 2 版" in said
    assert "上接第 1 版" in said
    page.emulate_media(media="print")
    over = page.eval_on_selector_all(".newspage", "all => all.map(p => p.scrollHeight - p.clientHeight)")
    assert over == [0, 0]
    full = page.eval_on_selector_all(
        ".newspage",
        "all => all.map(p => [...p.querySelectorAll('.newsrow')]"
        ".reduce((n, r) => n + r.offsetHeight, 0) / p.offsetHeight)",
    )
    assert all(0.7 < f < 1 for f in full), full
    heads = page.eval_on_selector_all(
        ".news", "all => all.map(a => a.querySelector('.news__text').offsetHeight - a.querySelector('h2').offsetHeight)"
    )
    assert all(h > 0 for h in heads)
    printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    assert len(printed) == 2
    assert [round(v) for v in printed[0].get_size()] == pytest.approx([842, 1191], abs=2)
    first, second = (printed[n].get_textpage().get_text_range() for n in range(2))
    assert "社区报" in first
    assert "第 7 期" in first
    for n in range(4):
        assert f"第{n}篇稿件的标题" in first + second
    assert selectors.issue_for(world.actor("paidan"), issue.uuid).number == 7
