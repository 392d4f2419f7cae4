"""The alliance through its pages: who sees what, refusals that keep what was typed, lists that stay quick."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from linli.foundation.core.errors import ConflictError
from linli.foundation.files import services as files
from linli.foundation.files.models import StoredFile
from linli.interfaces.cli.demo.alliance import load_alliance
from linli.interfaces.cli.demo.pictures import draw_picture
from linli.interfaces.portal.tests.steps import words
from linli.programmes.alliance import selectors, services
from linli.programmes.alliance.models import Agreement, Body, Claim, Entry, Member
from linli.programmes.alliance.tests.year import lay_year
from linli.programmes.alliance.types import AgreementData, BodyData
from tests.login import log_in

pytestmark = pytest.mark.django_db
PAGES = (
    "alliance", "alliance_members", "alliance_bodies", "alliance_brands", "alliance_lists", "alliance_claims",
    "alliance_agreements", "alliance_review", "alliance_uses",
)  # fmt: skip
KEEPERS_PAGES = (
    "alliance_member_new", "alliance_body_new", "alliance_brand_new", "alliance_project_new", "alliance_spot",
    "alliance_agreement_new", "alliance_need_new", "alliance_resource_new",
)  # fmt: skip


@pytest.fixture
def full(at):
    load_alliance(at.units, at.now)
    return at


def page(client, world, who, name, /, *args, **query):
    return log_in(client, world.users[who]).get(reverse(f"desk:{name}", args=args), query)


def send(client, name, /, *args, **data):
    return client.post(reverse(f"desk:{name}", args=args), data)


@pytest.mark.slow
def test_every_page_of_a_full_year_opens(full, client):
    log_in(client, full.users["lingdao"])
    rows = [
        *(("alliance_member", m.uuid) for m in Member.objects.all()[:3]),
        *(("alliance_member_certificate", m.uuid) for m in Member.objects.filter(stage="admitted")[:1]),
        *(("alliance_member_edit", m.uuid) for m in Member.objects.all()[:1]),
        *(("alliance_body", b.uuid) for b in Body.objects.all()),
        *(("alliance_body_edit", b.uuid) for b in Body.objects.all()[:1]),
        *(("alliance_entry", e.uuid) for e in Entry.objects.all()),
        *(("alliance_pitch", e.uuid) for e in Entry.objects.filter(kind="project")[:1]),
        *(("alliance_claim", c.uuid) for c in Claim.objects.all()),
        *(("alliance_agreement", a.uuid) for a in Agreement.objects.all()),
        *((name,) for name in (*PAGES, *KEEPERS_PAGES, "alliance_visit_new")),
    ]  # fmt: skip
    for name, *args in rows:
        assert client.get(reverse(f"desk:{name}", args=args)).status_code == 200, (name, args)
    for kind in ("need", "resource", "project"):
        assert client.get(reverse("desk:alliance_lists"), {"kind": kind}).status_code == 200
    for entry in Entry.objects.filter(state="published"):
        answer = client.get(reverse("portal:alliance_entry", args=[entry.uuid]))
        assert answer.status_code == 200
        assert "5555" not in words(answer).split("打电话问问")[0]


def test_lists_of_hundreds_stay_quick(at, client, django_assert_max_num_queries):
    year = lay_year(at)
    member = year.member("示范单位")
    Member.objects.bulk_create(
        Member(
            name=f"批量单位{n:03}", name_key=f"批量单位{n:03}", kind="company", stage="admitted",
            admitted_on=year.today, proposed_on=year.today, issued_on=year.today, changed_at=at.now,
        )
        for n in range(220)
    )  # fmt: skip
    members = {m.pk: m for m in Member.objects.all()}
    for kind in ("need", "resource", "project"):
        Entry.objects.bulk_create(
            Entry(
                kind=kind, title=f"{kind}{n}", title_key=f"{kind}{n}", state="published", published_on=year.today,
                drafted_on=year.today, changed_at=at.now, quantity=5, unit_word="场", member=member,
            )
            for n in range(220)
        )  # fmt: skip
    Claim.objects.bulk_create(
        Claim(
            entry=e, member=members[m], share_top=1, share_bottom=1, role="场地", claimed_on=year.today,
            answer_by=year.today,
        )
        for e, m in zip(Entry.objects.filter(kind="project"), list(members)[:220], strict=False)
    )  # fmt: skip
    Agreement.objects.bulk_create(
        Agreement(
            number=f"x{n}", title="协议", title_key="协议", signed_on=year.today, starts_on=year.today,
            ends_on=year.today, items=["共建"],
        )
        for n in range(220)
    )  # fmt: skip
    by = at.actor("dangzheng")
    log_in(client, at.users["dangzheng"])
    client.get(reverse("desk:alliance"))
    for name, query in (
        ("alliance_members", {}), ("alliance_lists", {"kind": "project"}), ("alliance_lists", {"kind": "resource"}),
        ("alliance_lists", {"kind": "need"}), ("alliance_claims", {}), ("alliance_agreements", {}),
    ):  # fmt: skip
        with django_assert_max_num_queries(8):
            answer = client.get(reverse(f"desk:{name}"), query)
        assert "cursor=" in answer.content.decode()
    for read in (
        lambda: selectors.member_page(today=year.today),
        lambda: selectors.claim_page(by),
        lambda: selectors.agreement_page(),
        lambda: selectors.public_page(kind="need"),
    ):
        with django_assert_max_num_queries(4):
            assert len(read().rows) in {30, 50}


def test_what_was_typed_stays_when_it_is_refused(at, client):
    year = lay_year(at)
    log_in(client, at.users["dangzheng"])
    answer = send(client, "alliance_member_new", name="", kind="company", phone="12", address="长宁路 1 号")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "长宁路 1 号" in text
    assert "电话号码应为" in text or "必填" in text or "这个字段" in text
    assert not Member.objects.exists()
    entry = year.entry()
    member = year.member("示范单位")
    answer = send(client, "alliance_entry", entry.uuid, act="claim", member_id=member.pk, share="五成", role="橱窗灯")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "份额请写成" in text
    assert "橱窗灯" in text
    answer = send(client, "alliance_entry", entry.uuid, act="nonsense")
    assert answer.status_code == 422


def test_a_stale_page_is_told_and_keeps_what_was_typed(at, client):
    year = lay_year(at)
    row = services.save_body(by=year.keeper, now=at.now, data=BodyData("专委会", "committee", parent_id=year.body.pk))
    log_in(client, at.users["dangzheng"])
    form = {"name": "城市管理专委会", "kind": "committee", "level": "district", "starts_on": year.today}
    assert send(client, "alliance_body_edit", row.uuid, **form, version=row.version).status_code == 302
    answer = send(client, "alliance_body_edit", row.uuid, **{**form, "name": "改名专委会"}, version=row.version)
    assert answer.status_code == 409
    assert "改名专委会" in answer.content.decode()
    row.refresh_from_db()
    assert row.name == "城市管理专委会"


def test_contacts_are_opened_by_the_office_and_stand_on_no_other_page(at, client):
    year = lay_year(at)
    member = year.member("示范单位", contact_name="联系人甲", phone="021-55550123")
    for who in ("lingdao", "dangzheng"):
        page_of = page(client, at, who, "alliance_member", member.uuid).content.decode()
        assert "55550123" not in page_of
        opened = send(client, "alliance_member_contact", member.uuid)
        assert "021-55550123" in opened.content.decode()
    log_in(client, at.users["paidan"])
    assert send(client, "alliance_member_contact", member.uuid).status_code == 403
    assert client.get(reverse("desk:alliance_member_edit", args=[member.uuid])).status_code == 403


def test_a_members_own_people_see_their_drafts_and_nobody_elses(at, client):
    year = lay_year(at)
    own = year.member("阳光物业", unit="property")
    draft = year.entry("自家草稿", "need", published=False, member_id=own.pk)
    other = year.entry("别家草稿", "need", published=False)
    text = page(client, at, "wuye", "alliance_lists", kind="need").content.decode()
    assert "自家草稿" in text
    assert "别家草稿" not in text
    assert client.get(reverse("desk:alliance_entry", args=[draft.uuid])).status_code == 200
    assert client.get(reverse("desk:alliance_entry", args=[other.uuid])).status_code == 404
    assert client.get(reverse("portal:alliance_entry", args=[draft.uuid])).status_code == 404
    home = client.get(reverse("desk:alliance")).content.decode()
    assert "我的单位" in home
    assert "待我审核" not in home


def test_the_picture_of_a_pitch_is_public_only_with_its_project(at, client):
    year = lay_year(at)
    entry = year.entry()
    log_in(client, at.users["dangzheng"])
    picture = SimpleUploadedFile("a.jpg", draw_picture(1, "report"), "image/jpeg")
    sent = {"act": "pitch", "text": "请大家来", "on": year.today, "file": picture, "version": entry.version}
    assert client.post(reverse("desk:alliance_entry", args=[entry.uuid]), sent).status_code == 302
    entry.refresh_from_db()
    url = reverse("portal:alliance_picture", args=[entry.pitch_file.uuid, 320])
    client.cookies.clear()
    answer = client.get(url)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"
    Entry.objects.filter(pk=entry.pk).update(state="draft")
    assert client.get(url).status_code == 404


def test_a_new_picture_of_a_pitch_takes_the_old_one_away_and_a_signed_paper_is_never_replaced(at, client):
    year = lay_year(at)
    entry, office = year.entry(), at.actor("dangzheng")

    def stored(seed):
        content = draw_picture(seed, "report")
        return files.store(by=office, now=at.now, content=content, name="a.jpg", purpose="alliance")

    log_in(client, at.users["dangzheng"])
    for seed in (1, 2):
        entry.refresh_from_db()
        picture = SimpleUploadedFile("a.jpg", draw_picture(seed, "report"), "image/jpeg")
        sent = {"act": "pitch", "text": "请大家来", "on": year.today, "file": picture, "version": entry.version}
        assert client.post(reverse("desk:alliance_entry", args=[entry.uuid]), sent).status_code == 302
    entry.refresh_from_db()
    gone = StoredFile.objects.filter(purpose="alliance").exclude(pk=entry.pitch_file_id or 0).get()
    assert gone.deleted_why == "换成了新的推介材料。"
    ends = year.today + timedelta(days=300)
    parties = ((year.member("共建单位").pk,), ("街道",), ("共建",))
    data = AgreementData("共建协议", year.today, year.today, ends, *parties)
    row = services.sign_agreement(by=office, now=at.now, data=data)
    first = stored(3)
    services.attach_file(by=office, now=at.now, uuid=row.uuid, file_id=first.pk)
    with pytest.raises(ConflictError, match="已经附有扫描件"):
        services.attach_file(by=office, now=at.now, uuid=row.uuid, file_id=stored(4).pk)
    row.refresh_from_db()
    assert row.file_id == first.pk


def test_an_agreement_that_runs_out_is_told_of_once_and_renewed_with_what_it_said(at, client):
    year, office = lay_year(at), at.actor("dangzheng")
    member = year.member("共建单位")
    ends = year.today + timedelta(days=20)
    first = AgreementData("共建协议", year.today, year.today, ends, (member.pk,), ("街道社区党委",), ("结对走访",))
    old = services.sign_agreement(by=office, now=at.now, data=first)
    assert services.remind(now=at.now) == 1
    assert services.remind(now=at.now + timedelta(days=1)) == 0
    text = page(client, at, "dangzheng", "alliance_agreement_new", renews=old.uuid).content.decode()
    assert "结对走访" in text
    assert "街道社区党委" in text
    sent = {
        "act": "sign", "title": "共建协议", "member_ids": [member.pk], "others": "街道社区党委", "items": "结对走访",
        "signed_on": ends, "starts_on": ends + timedelta(days=1), "ends_on": ends + timedelta(days=365),
    }  # fmt: skip
    address = reverse("desk:alliance_agreement_new") + f"?renews={old.uuid}"
    assert client.post(address, sent).status_code == 302
    new = Agreement.objects.exclude(pk=old.pk).get()
    for shown, other in ((old, new), (new, old)):
        text = client.get(reverse("desk:alliance_agreement", args=[shown.uuid])).content.decode()
        assert reverse("desk:alliance_agreement", args=[other.uuid]) in text
    log_in(client, at.users["paidan"])
    assert client.post(address, sent).status_code == 403
    assert Agreement.objects.count() == 2
