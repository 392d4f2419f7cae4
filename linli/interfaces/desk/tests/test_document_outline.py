"""The parts of a policy cut by hand, over HTTP: split, joined, renamed, moved, relevelled, frozen by tasks."""

import random

import pytest

from linli.engines.projects.models import Task
from linli.foundation.core import clock
from linli.foundation.core.errors import ConflictError, InvalidError
from linli.foundation.journal.models import Entry
from linli.interfaces.desk.tests.documents_help import POLICY, requirement, taken
from linli.interfaces.desk.tests.help import enter
from linli.programmes.documents import selectors, services
from linli.programmes.documents.models import Part, PlanItem, PlanUnit
from linli.programmes.documents.rules.outline import Stretch, doubled, uncovered

pytestmark = pytest.mark.django_db


@pytest.fixture
def policy(world):
    return taken(world, POLICY, title="楼道治理实施意见", kind="policy")


def parts(document):
    return list(Part.objects.filter(document=document).order_by("position"))


def stretches(document):
    text = selectors.text_of(document)
    return text.clean, [Stretch(text.clean_at(p.start), text.clean_at(p.end)) for p in parts(document)]


def whole(document):
    """Claim that the words behind the title stand in exactly one part each, and each part's words are the text's."""
    text, found = stretches(document)
    assert not doubled(found)
    assert [text[g.start : g.end] for g in uncovered(text, found)] in ([], ["关于推进楼道治理的实施意见"])
    for row, stretch in zip(parts(document), found, strict=True):
        assert row.text == text[stretch.start : stretch.end]


def test_a_part_is_split_renamed_joined_and_moved_and_nothing_drops_out(world, policy):
    client, base = enter(world, "paidan"), f"/desk/documents/{policy.uuid}/parts/"
    assert "修改部分" in client.get(base).content.decode()
    first, second, _third = parts(policy)
    page = client.get(f"/desk/documents/parts/{second.uuid}/").content.decode()
    assert "每周巡查一次" in page
    cut = selectors.borders_of(second).cuts[-1]
    sent = {"act": "split", "at": cut.at, "revision": 0}
    assert client.post(f"/desk/documents/parts/{second.uuid}/", sent).status_code == 302
    assert [str(p)[:6] for p in parts(policy)] == [
        "一、总体要求",
        "二、主要任务",
        str(parts(policy)[2])[:6],
        "三、保障措施",
    ]
    whole(policy)
    stale = client.post(f"/desk/documents/parts/{second.uuid}/", {"act": "join", "revision": 0})
    assert stale.status_code == 409
    assert "别人刚刚修改了这份文件的部分" in stale.content.decode()
    made = parts(policy)[2]
    borders = selectors.borders_of(made)
    name = {"act": "change", "number": "（一）", "title": "巡查机制", "start": borders.start, "end": borders.end}
    empty = client.post(f"/desk/documents/parts/{made.uuid}/", {**name, "title": "", "revision": 1})
    assert empty.status_code == 422
    assert "（一）" in empty.content.decode()
    assert client.post(f"/desk/documents/parts/{made.uuid}/", {**name, "revision": 1}).status_code == 302
    order = [parts(policy)[n] for n in (0, 1, 2, 3)]
    rows = {"part": [p.uuid for p in order], "level": [1, 1, 2, 1], "revision": 2}
    wrong = client.post(f"{base}edit/", {**rows, "level": [1, 1, 3, 1]})
    assert wrong.status_code == 422
    assert "的层级不对" in wrong.content.decode()
    assert 'data-level="3"' in wrong.content.decode()
    deeper = client.post(f"{base}edit/", {**rows, "move": f"in:{first.uuid}"}).content.decode()
    assert 'data-level="2"' in deeper
    assert client.post(f"{base}edit/", rows).status_code == 302
    swapped = {"part": [order[n].uuid for n in (3, 0, 1, 2)], "level": [1, 1, 1, 2], "revision": 3}
    assert client.post(f"{base}edit/", swapped).status_code == 302
    assert [(str(p), p.level) for p in parts(policy)][::3] == [("三、保障措施", 1), ("（一）巡查机制", 2)]
    old = client.post(f"{base}edit/", rows)
    assert old.status_code == 409
    assert "下面是您填写的内容" in old.content.decode()
    assert client.post(f"/desk/documents/parts/{second.uuid}/", {"act": "join", "revision": 4}).status_code == 302
    whole(policy)
    assert len(parts(policy)) == 3
    verbs = set(Entry.objects.filter(verb__startswith="documents.").values_list("verb", flat=True))
    assert {f"documents.{v}" for v in ("outline", "part_change", "part_split", "part_join")} <= verbs


def test_a_border_is_moved_to_a_sentence_and_the_neighbour_takes_the_rest(world, policy):
    client = enter(world, "paidan")
    first, second, third = parts(policy)
    borders = selectors.borders_of(second)
    sent = {"act": "change", "number": "二、", "title": "主要任务", "start": borders.starts[0].at, "end": borders.end}
    address = f"/desk/documents/parts/{second.uuid}/"
    assert client.post(address, {**sent, "revision": 0}).status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.text, second.text[:4]) == ("一、总体要求。", "坚持以人")
    whole(policy)
    assert client.post(address, {**sent, "start": borders.start + 1, "revision": 1}).status_code == 422
    with pytest.raises(InvalidError):
        services.change_part(
            by=world.actor("paidan"), now=clock.now(), part=second, revision=1, number="", title="x", start=9**6, end=1
        )
    whole(policy)
    assert third.text == parts(policy)[2].text


def test_sentences_outside_of_every_part_are_shown_before_a_plan_is_split(world):
    opening = "各居民区、各单位：现将有关事项通知如下，请于年底前落实。"
    text = POLICY.replace("\n\n一、", f"\n\n{opening}\n\n一、", 1)
    document, client = taken(world, text, kind="plan"), enter(world, "paidan")
    assert selectors.left_out(document) == [opening]
    for page in ("plan/", "parts/edit/"):
        shown = client.get(f"/desk/documents/{document.uuid}/{page}").content.decode()
        assert "有 1 处文字不属于任何部分" in shown
        assert opening in shown
    first = parts(document)[0]
    start = selectors.borders_of(first).starts[0].at
    assert start < selectors.borders_of(first).start
    sent = {
        "act": "change",
        "number": "一、",
        "title": "总体要求",
        "start": start,
        "end": selectors.borders_of(first).end,
    }
    assert client.post(f"/desk/documents/parts/{first.uuid}/", {**sent, "revision": 0}).status_code == 302
    assert selectors.left_out(document) == []
    assert "不属于任何部分" not in client.get(f"/desk/documents/{document.uuid}/plan/").content.decode()
    whole(document)


def test_what_units_said_of_two_parts_is_kept_when_they_become_one(world):
    document = taken(world, POLICY, kind="plan")
    one, two, _three = parts(document)
    units = [world.units["management"], world.units["housing"], world.units["police"]]
    PlanUnit.objects.bulk_create(PlanUnit(document=document, unit=u) for u in units)

    def say(part, unit, **words):
        PlanItem.objects.create(part=part, unit=unit, entered_at=world.now, entered_label="甲", **words)

    say(one, units[0], text="完成清理", due_on="2026-06-30")
    say(two, units[0], not_applicable="无楼组长")
    say(two, units[1], text="每周巡查", due_on="2026-05-31")
    sent = {"act": "join", "revision": 0}
    assert enter(world, "paidan").post(f"/desk/documents/parts/{one.uuid}/", sent).status_code == 302
    said = {i.unit_id: i for i in PlanItem.objects.filter(part=one)}
    assert said[units[0].pk].text == "完成清理；二、主要任务不适用：无楼组长"
    assert said[units[1].pk].text == "每周巡查"
    split = selectors.plan_of(document).split
    assert (one.pk, units[2].pk) in split.missing
    assert one.pk not in split.dropped
    gone = enter(world, "paidan").get(f"/desk/documents/parts/{two.uuid}/units/{units[0].pk}/")
    assert gone.status_code == 404


def test_a_part_of_which_tasks_came_is_frozen_until_a_new_version(world, policy):
    client = enter(world, "paidan")
    first, second, third = parts(policy)
    found = next(f for f in policy.findings.filter(kind="requirement") if "楼组长" in f.text)
    task = {"title": "建立巡查机制", "unit": world.units["management"].pk, "due_on": "2026-06-30"}
    assert client.post(f"/desk/documents/findings/{found.uuid}/task/", task).status_code == 302
    assert "不能再修改" in client.get(f"/desk/documents/parts/{second.uuid}/").content.decode()
    cut = selectors.borders_of(second).cuts[0]
    acts = (
        (second, {"act": "split", "at": cut.at}),
        (second, {"act": "join"}),
        (first, {"act": "join"}),
        (
            third,
            {"act": "change", "number": "三、", "title": "保障", "start": cut.at, "end": stretches(policy)[1][2].end},
        ),
    )
    for part, sent in acts:
        refused = client.post(f"/desk/documents/parts/{part.uuid}/", {**sent, "revision": 0})
        assert refused.status_code == 409, sent
        assert "已经布置了任务" in refused.content.decode()
    rows = {"part": [p.uuid for p in (first, second, third)], "level": [1, 2, 1], "revision": 0}
    assert client.post(f"/desk/documents/{policy.uuid}/parts/edit/", rows).status_code == 409
    policy.refresh_from_db()
    assert policy.outline == 0
    new = {"text": POLICY + "\n四、附则。自发布之日起施行。", "kind": "policy", "previous": str(policy.uuid)}
    assert client.post("/desk/documents/new/", new).status_code == 302
    old = client.post(f"/desk/documents/parts/{first.uuid}/", {"act": "split", "at": 30, "revision": 0})
    assert old.status_code == 409
    assert "已有新版本" in old.content.decode()
    latest = policy.following.get()
    assert (
        client.post(f"/desk/documents/parts/{parts(latest)[1].uuid}/", {"act": "join", "revision": 0}).status_code
        == 302
    )
    assert [p.change for p in parts(latest)] == ["same", "changed", "new"]
    assert Task.objects.count() == 1


def test_who_may_not_keep_documents_cuts_no_part(world, policy):
    reader, part = enter(world, "shuji"), parts(policy)[0]
    for address in (f"/desk/documents/{policy.uuid}/parts/edit/", f"/desk/documents/parts/{part.uuid}/"):
        assert reader.get(address).status_code == 403
        assert reader.post(address, {"act": "join", "revision": 0}).status_code == 403
        assert enter(world, "wuye").post(address, {"act": "join", "revision": 0}).status_code in {403, 404}
    assert len(parts(policy)) == 3


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_any_row_of_edits_leaves_every_word_in_one_part(world, policy, seed):
    chance, by = random.Random(seed), world.actor("paidan")
    for _n in range(25):
        rows = parts(policy)
        policy.refresh_from_db()
        part = chance.choice(rows)
        about = {"by": by, "now": clock.now(), "revision": policy.outline}
        borders = selectors.borders_of(part)
        act = chance.choice(("split", "join", "change", "arrange"))
        try:
            if act == "split" and borders.cuts:
                services.split_part(**about, part=part, at=chance.choice(borders.cuts).at)
            elif act == "join":
                services.join_part(**about, part=part)
            elif act == "change":
                ends = chance.choice(borders.starts).at, chance.choice(borders.ends).at
                services.change_part(**about, part=part, number="", title="名", start=ends[0], end=ends[1])
            else:
                chance.shuffle(rows)
                services.arrange_parts(**about, document=policy, rows=[(p.uuid, 1) for p in rows])
        except (ConflictError, InvalidError):
            continue
        whole(policy)
    assert requirement(policy).text
