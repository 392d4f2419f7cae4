"""What was done is written about: meetings, projects and claims, by those alone who may read them."""

import pytest

from linli.foundation.core.errors import InvalidError
from linli.interfaces.cli.demo.publishing import DEEDS, load_deeds
from linli.interfaces.desk.tests import deeds
from linli.interfaces.desk.tests.help import enter
from linli.programmes.publishing import selectors, services
from linli.programmes.publishing.models import Article
from linli.programmes.publishing.tests import pages
from linli.programmes.publishing.types import Link, MediaData

pytestmark = pytest.mark.django_db
BASE = "/desk/publishing/"


def begun(client, world, kind, ref, **more):
    """Begin an article from a thing as its form stands; return the answer."""
    page = client.get(f"{BASE}new/?from={kind}&ref={ref}")
    assert page.status_code == 200, page.content.decode()
    form = page.context["form"]
    sent = {n: form.initial.get(n) or "" for n in ("kicker", "body", "unit", "reporter", "topic", "area")}
    links = [row["value"] for row in page.context["links"]]
    sent |= {"strands": form.initial["strands"], "title": "夜间车位盘活了", "link": links, **more}
    return client.post(f"{BASE}new/", sent)


@pytest.mark.mechanism("003-20", "004-40")
def test_an_article_begins_from_a_sealed_meeting_and_says_so(world, django_assert_max_num_queries):
    meeting, open_one = deeds.held(world), deeds.held(world, "还没有定稿的会", sealed=False)
    head = enter(world, "guanliban")
    with django_assert_max_num_queries(12):
        chooser = head.get(f"{BASE}from/?kind=meeting").content.decode()
    assert "停车难题推进会" in chooser
    assert "还没有定稿的会" not in chooser
    assert head.get(f"{BASE}new/?from=meeting&ref={open_one.uuid}").status_code == 404
    assert begun(head, world, "meeting", meeting.uuid, unit=world.units["management"].pk).status_code == 302
    article = Article.objects.get()
    assert "3月10日，" in article.body
    assert "主题是“盘活夜间车位”" in article.body
    assert "会议议题：错时停车方案。" in article.body
    assert "会议布置任务2项，已完成1项。" in article.body
    assert "摸排可错时停车的单位" not in article.body  # what was said in the room stays there
    assert (article.reporter, article.strands) == (f"{meeting.unit}通讯员", "|plural|")
    page = head.get(f"{BASE}articles/{article.uuid}/").content.decode()
    for words in (
        "写自",
        "停车难题推进会",
        f"/desk/meetings/{meeting.uuid}/",
        f"2026-03-10・{meeting.unit}",
        "定稿的会议",
    ):
        assert words in page


def test_who_may_not_read_a_meeting_neither_finds_nor_links_it(world):
    meeting = deeds.held(world)
    other = enter(world, "shegong")
    assert "停车难题推进会" not in other.get(f"{BASE}from/?kind=meeting").content.decode()
    assert other.get(f"{BASE}new/?from=meeting&ref={meeting.uuid}").status_code == 404
    for wrong in ("x", "00000000-0000-0000-0000-000000000000"):
        assert other.get(f"{BASE}new/?from=meeting&ref={wrong}").status_code == 404
    unit = world.actor("shegong").grants[0].unit_id
    sent = {"title": "偷偷关联", "body": pages.BODY, "unit": unit, "link": f"meeting|{meeting.uuid}|推进会"}
    refused = other.post(f"{BASE}new/", sent)
    assert refused.status_code == 422
    assert "没有找到“推进会”，或您不能查看。" in refused.content.decode()
    assert "偷偷关联" in refused.content.decode()
    assert other.post(f"{BASE}new/", {**sent, "link": "secret|1|某事"}).status_code == 422
    assert not Article.objects.exists()


@pytest.mark.mechanism("004-40")
def test_an_article_begins_from_a_public_project_alone_and_waits_while_it_is_not(world):
    project = deeds.built(world)
    hidden = deeds.built(world, "内部改造", public=False)
    centre = enter(world, "paidan")
    chooser = centre.get(f"{BASE}from/?kind=project").content.decode()
    assert "综合整治" in chooser
    assert "内部改造" not in chooser
    assert centre.get(f"{BASE}new/?from=project&ref={hidden.uuid}").status_code == 404
    assert begun(centre, world, "project", project.uuid).status_code == 302
    article = Article.objects.get()
    assert "推进中，完成40%" in article.body
    assert "已经达到：方案公示。" in article.body
    assert "1,200,000" not in article.body  # its money is not public
    assert article.topic == "美丽家园"
    assert article.strands == "|refined|"
    assert not [f for f in selectors.findings(article, world.now) if f.place == "links"]
    page = centre.get(f"{BASE}articles/{article.uuid}/").content.decode()
    assert f"/desk/projects/{project.uuid}/" in page
    type(project).objects.filter(pk=project.pk).update(public=False)
    assert [f.place for f in selectors.findings(article, world.now) if f.code == "guarded"] == ["links"]
    edited = {"title": "改题", "body": pages.BODY, "unit": article.unit_id, "version": article.version,
              "link": f"project|{project.uuid}|综合整治"}  # fmt: skip
    assert centre.post(f"{BASE}articles/{article.uuid}/edit/", edited).status_code == 302  # what was linked stays
    article.refresh_from_db()
    assert article.links[0]["summary"].startswith(str(project.unit))


@pytest.mark.mechanism("003-20")
def test_an_article_begins_from_a_claim_that_was_confirmed(world):
    claim = deeds.confirmed(world)
    receiver, stranger = enter(world, "guanliban"), enter(world, "zhongdui")
    assert "跳动三原色" in receiver.get(f"{BASE}from/?kind=claim").content.decode()
    assert "跳动三原色" not in stranger.get(f"{BASE}from/?kind=claim").content.decode()
    assert stranger.get(f"{BASE}new/?from=claim&ref={claim.uuid}").status_code == 404
    assert begun(receiver, world, "claim", claim.uuid).status_code == 302
    article = Article.objects.get()
    assert "百货集团认领“‘跳动三原色’街区点亮”，" in article.body
    assert "确认收到。" in article.body
    assert "居民都说亮堂" not in article.body
    page = receiver.get(f"{BASE}articles/{article.uuid}/").content.decode()
    assert f"/desk/alliance/claims/{claim.uuid}/" in page
    type(claim).objects.filter(pk=claim.pk).update(state="delivered")
    assert [f.place for f in selectors.findings(article, world.now) if f.code == "guarded"] == ["links"]
    assert receiver.get(f"{BASE}new/?from=claim&ref={claim.uuid}").status_code == 404


def test_a_film_is_linked_to_a_thing_only_by_who_may_read_it(world):
    meeting = deeds.held(world)
    link = Link("meeting", str(meeting.uuid), "会")
    film = MediaData("link", "现场短片", url="https://example.org/v/1", links=(link,))
    with pytest.raises(InvalidError):
        services.add_media(by=world.actor("shegong"), now=world.now, data=film)
    kept = services.add_media(by=world.actor("guanliban"), now=world.now, data=film)
    assert kept.links[0]["label"] == "停车难题推进会"
    services.edit_media(by=world.actor("shegong"), now=world.now, media=kept, version=1, data=film)  # it stays
    kept.refresh_from_db()
    assert kept.links[0]["unit"] == str(meeting.unit)


def test_the_demonstration_writes_of_what_was_done(world):
    load_deeds(world.users, world.units, world.now)
    assert not Article.objects.exists()  # nothing was done yet
    deeds.held(world)
    deeds.built(world)
    deeds.confirmed(world)
    load_deeds(world.users, world.units, world.now)
    assert {a.title: a.links[0]["kind"] for a in Article.objects.all()} == {t: k for k, t in DEEDS.items()}
