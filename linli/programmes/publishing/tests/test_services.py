"""The life of an article: who may, second person, two at once, what is kept and journalled."""

import pytest

from linli.foundation.core.actors import GUEST
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, StaleError
from linli.foundation.journal.models import Entry
from linli.programmes.publishing import selectors, services
from linli.programmes.publishing.models import Article, PieceVersion, Release
from linli.programmes.publishing.rules.checking import Code
from linli.programmes.publishing.tests.pages import BODY, begin, handed_in, picture, release, released, reviewed
from linli.programmes.publishing.types import ArticleData, Link, Plea
from linli.programmes.publishing.workflow import State

pytestmark = pytest.mark.django_db


def fresh(article):
    return Article.objects.get(pk=article.pk)


def data(world, **more):
    return ArticleData(**{"title": "新标题", "body": BODY, "unit_id": world.units["management"].pk, **more})


def test_an_article_goes_through_its_life_and_everything_is_kept(world):
    article = released(world, strands=("refined", "project"), kicker="精细化")
    assert article.state == State.RELEASED
    assert article.strand_codes == ["project", "refined"]
    assert [v.verb for v in PieceVersion.objects.filter(piece=article.uuid).order_by("number")] == [
        "begin",
        "hand_in",
        "approve",
        "release",
    ]
    verbs = list(Entry.objects.filter(object_uuid=article.uuid).order_by("id").values_list("verb", flat=True))
    assert verbs == ["publishing.begin", "publishing.hand_in", "publishing.approve", "publishing.release"]
    row = Release.objects.get()
    assert (row.channel.code, row.state, row.released_label) == ("portal", "out", world.actor("paidan").label)
    assert selectors.public_article(article.uuid).pk == article.pk


def test_who_wrote_it_does_not_review_it(world):
    article = begin(world, by="lingdao", unit_id=world.units["party"].pk)
    services.hand_in(by=world.actor("lingdao"), now=world.now, piece=article, version=1)
    with pytest.raises(ForbiddenError, match="换一个人"):
        services.approve(by=world.actor("lingdao"), now=world.now, piece=article, version=2, reasons={})
    services.approve(by=world.actor("zhiban"), now=world.now, piece=article, version=2, reasons={})
    assert fresh(article).state == State.REVIEWED


def test_whoever_changed_a_word_of_it_does_not_review_it_either(world):
    article = begin(world)
    services.edit_article(by=world.actor("lingdao"), now=world.now, article=article, version=1, data=data(world))
    services.hand_in(by=world.actor("guanliban"), now=world.now, piece=article, version=2)
    with pytest.raises(ForbiddenError):
        services.approve(by=world.actor("lingdao"), now=world.now, piece=article, version=3, reasons={})


@pytest.mark.parametrize("who", ["shegong", "paidan", "chengguan", "ducha", "jumin", "xitong"])
def test_the_wrong_person_does_not_review(world, who):
    article = handed_in(world)
    with pytest.raises(ForbiddenError):
        services.approve(by=world.actor(who), now=world.now, piece=article, version=2, reasons={})
    assert fresh(article).state == State.HANDED_IN


def test_a_stranger_neither_sees_nor_changes_a_draft(world):
    article = begin(world)
    for who in ("minjing", "shuji", "jumin", "xitong", "danche"):
        with pytest.raises(NotFoundError):
            selectors.article_for(world.actor(who), article.uuid)
    with pytest.raises(ForbiddenError):
        services.edit_article(by=world.actor("minjing"), now=world.now, article=article, version=1, data=data(world))
    for who in ("jumin", "xitong", "jiandu"):
        with pytest.raises(ForbiddenError):
            services.begin_article(by=world.actor(who), now=world.now, data=data(world))
    with pytest.raises(ForbiddenError):
        services.begin_article(by=GUEST, now=world.now, data=data(world))


def test_of_two_editors_the_second_is_told_and_the_first_loses_nothing(world):
    article = begin(world)
    one, two = fresh(article), fresh(article)
    services.edit_article(
        by=world.actor("guanliban"), now=world.now, article=one, version=1, data=data(world, title="甲改的")
    )
    with pytest.raises(StaleError, match="刚刚被别人改过"):
        services.edit_article(
            by=world.actor("paidan"), now=world.now, article=two, version=1, data=data(world, title="乙改的")
        )
    assert fresh(article).title == "甲改的"
    assert PieceVersion.objects.filter(piece=article.uuid).count() == 2


def test_no_step_out_of_turn(world):
    article = begin(world)
    lead = world.actor("lingdao")
    with pytest.raises(ConflictError):
        services.approve(by=world.actor("zhiban"), now=world.now, piece=article, version=1, reasons={})
    with pytest.raises(ConflictError):
        release(world, article)
    with pytest.raises(ConflictError):
        services.withdraw(by=lead, now=world.now, piece=article, version=1, reason="x")
    assert fresh(article).version == 1
    assert not Release.objects.exists()


def test_sent_back_with_the_reason(world):
    article = handed_in(world)
    with pytest.raises(InvalidError):
        services.send_back(by=world.actor("lingdao"), now=world.now, piece=article, version=2, reason=" ")
    services.send_back(by=world.actor("lingdao"), now=world.now, piece=article, version=2, reason="请补充时间")
    assert (fresh(article).state, fresh(article).note) == (State.DRAFT, "请补充时间")


def test_what_the_check_finds_is_mended_or_has_a_reason(world):
    body = "居民王建国说，电话 13812345678 打不通。235弄12号的3户困难家庭也来了。"
    article = handed_in(world, body=body)
    found = selectors.findings(article, world.now)
    assert {f.code for f in found} == {Code.PERSON, Code.NUMBER, Code.DOOR, Code.SMALL}
    reasons = {f.key: "本人书面同意" for f in found}
    with pytest.raises(InvalidError, match="还有 1 处"):
        services.approve(by=world.actor("lingdao"), now=world.now, piece=article, version=2, reasons=reasons)
    services.send_back(by=world.actor("lingdao"), now=world.now, piece=article, version=2, reason="删去电话")
    mended = body.replace("，电话 13812345678 打不通", "")
    services.edit_article(
        by=world.actor("guanliban"), now=world.now, article=article, version=3, data=data(world, body=mended)
    )
    services.hand_in(by=world.actor("guanliban"), now=world.now, piece=article, version=4)
    soft = {f.key: "本人书面同意" for f in selectors.findings(article, world.now)}
    with pytest.raises(InvalidError, match="还有 3 处"):
        services.approve(by=world.actor("lingdao"), now=world.now, piece=article, version=5, reasons={})
    services.approve(by=world.actor("lingdao"), now=world.now, piece=article, version=5, reasons=soft)
    assert fresh(article).reasons == soft


def test_a_picture_goes_out_only_when_cleared(world):
    media = picture(world, cleared=False)
    article = handed_in(world, media=((media.pk, "清理后"),), body=BODY + "\n\n[图1]\n\n[图2]")
    assert {f.code for f in selectors.findings(article, world.now)} == {Code.PICTURE, Code.NO_PICTURE}
    with pytest.raises(InvalidError):
        services.approve(by=world.actor("lingdao"), now=world.now, piece=article, version=2, reasons={})


def test_a_picture_withdrawn_after_the_review_holds_the_release_back(world):
    media = picture(world)
    article = reviewed(world, media=((media.pk, ""),))
    services.withdraw_media(by=world.actor("paidan"), now=world.now, media=media, reason="本人不同意")
    with pytest.raises(ConflictError, match="审核以后情况有变化"):
        release(world, article)
    assert not Release.objects.exists()


def test_a_guarded_case_is_not_told_of(world):
    from linli.interfaces.desk.tests.help import make_case

    case = make_case(world, confidential=True)
    with pytest.raises(InvalidError) as refused:  # nor is it linked by who may not read it as a finished thing
        handed_in(world, links=(Link("case", case.number, "某件"),))
    assert "links" in refused.value.fields
    article = begin(world)
    Article.objects.filter(pk=article.pk).update(links=[Link("case", case.number, "某件").to_json()])
    article.refresh_from_db()
    assert [f.code for f in selectors.findings(article, world.now)] == [Code.GUARDED]


def test_each_channel_has_its_record_and_withdrawing_ends_all(world):
    article = reviewed(world)
    for code in ("portal", "wechat", "paper"):
        release(world, article, code)
    with pytest.raises(ConflictError, match="已经发布到"):
        release(world, article, "wechat")
    assert article.state == State.RELEASED
    row = Release.objects.get(channel__code="wechat")
    for link in ("javascript:alert(1)", "mp.weixin.qq.com/s/1"):
        with pytest.raises(InvalidError):
            services.note_release(by=world.actor("paidan"), now=world.now, release=row, link=link, outside_number="")
    services.note_release(
        by=world.actor("paidan"), now=world.now, release=row, link="https://example.org/s/1", outside_number="WX-1"
    )
    article = fresh(article)
    services.withdraw(
        by=world.actor("lingdao"), now=world.now, piece=article, version=article.version, reason="数字有误"
    )
    assert set(Release.objects.values_list("state", flat=True)) == {"taken_back"}
    assert set(Release.objects.filter(to_check=True).values_list("channel__code", flat=True)) == {"wechat", "paper"}
    with pytest.raises(NotFoundError):
        selectors.public_article(article.uuid)


def test_a_correction_stands_with_its_notice(world):
    article = released(world)
    release(world, article, "wechat")
    with pytest.raises(InvalidError):
        services.correct_article(
            by=world.actor("lingdao"), now=world.now, article=article, version=article.version, notice="", texts={}
        )
    bad = {"body": "联系电话 13812345678"}
    with pytest.raises(InvalidError, match="不能发布"):
        services.correct_article(
            by=world.actor("lingdao"),
            now=world.now,
            article=fresh(article),
            version=article.version,
            notice="更正",
            texts=bad,
        )
    assert fresh(article).body == BODY
    services.correct_article(
        by=world.actor("lingdao"),
        now=world.now,
        article=fresh(article),
        version=fresh(article).version,
        notice="“一周”应为“两周”。",
        texts={"body": BODY.replace("一周", "两周")},
    )
    kept = fresh(article)
    assert (kept.correction, "两周" in kept.body, kept.state) == ("“一周”应为“两周”。", True, State.RELEASED)
    assert Release.objects.get(to_check=True).channel.code == "wechat"


def plea(**more):
    fields = {"right": "portrait", "statement": "照片里能认出我家孩子，没有征得同意。", "name": "王某", **more}
    return Plea(**{"contact": "13900000000", **fields})


def test_a_request_is_kept_secret_hidden_at_once_and_answered(world):
    article = released(world)
    filed = services.file_plea(by=GUEST, now=world.now, article=article, plea=plea())
    row = filed.plea
    assert b"13900000000" not in bytes(row.contact_sealed)
    assert selectors.asker_of(row).contact == "13900000000"
    assert row.due_on.isoformat() == "2026-03-24"
    assert selectors.plea_by_code(filed.code.lower().replace("-", "")).pk == row.pk
    with pytest.raises(NotFoundError):
        selectors.plea_for(world.actor("paidan"), row.uuid)
    with pytest.raises(ForbiddenError):
        services.hide(by=world.actor("paidan"), now=world.now, plea=row, reason="先隐去")
    services.hide(by=world.actor("lingdao"), now=world.now, plea=row, reason="先隐去")
    with pytest.raises(NotFoundError):
        selectors.public_article(article.uuid)
    with pytest.raises(ConflictError, match="还没有更正"):
        services.answer_plea(
            by=world.actor("lingdao"), now=world.now, plea=row, answer="edited", reply="已改", article_version=4
        )
    services.answer_plea(
        by=world.actor("lingdao"),
        now=world.now,
        plea=row,
        answer="kept",
        reply="照片为公共场所远景，不能辨认。",
        article_version=fresh(article).version,
    )
    assert selectors.public_article(article.uuid).pk == article.pk
    with pytest.raises(ConflictError, match="已经答复"):
        services.answer_plea(
            by=world.actor("zhiban"), now=world.now, plea=row, answer="withdrawn", reply="x", article_version=4
        )


def test_an_answer_that_withdraws_takes_it_off_everywhere(world):
    article = released(world)
    row = services.file_plea(by=GUEST, now=world.now, article=article, plea=plea()).plea
    with pytest.raises(StaleError):
        services.answer_plea(
            by=world.actor("lingdao"), now=world.now, plea=row, answer="withdrawn", reply="已撤", article_version=1
        )
    row.refresh_from_db()
    assert row.answer == ""
    services.answer_plea(
        by=world.actor("lingdao"),
        now=world.now,
        plea=row,
        answer="withdrawn",
        reply="已撤",
        article_version=fresh(article).version,
    )
    assert fresh(article).state == State.WITHDRAWN


def test_what_is_over_its_days_is_forgotten(world):
    from datetime import timedelta

    from linli.foundation.jobs.services import delete_what_is_over

    article = released(world)
    row = services.file_plea(by=GUEST, now=world.now, article=article, plea=plea()).plea
    services.answer_plea(
        by=world.actor("lingdao"), now=world.now, plea=row, answer="kept", reply="保留", article_version=4
    )
    delete_what_is_over(now=world.now + timedelta(days=366))
    row.refresh_from_db()
    assert (bytes(row.statement_sealed), bytes(row.contact_sealed), row.reply) == (b"", b"", "保留")
