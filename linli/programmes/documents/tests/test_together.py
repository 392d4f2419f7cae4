"""Two people at once."""

import pytest

from linli.engines.projects.models import Task
from linli.foundation.core.errors import StaleError
from linli.foundation.people import selectors as people
from linli.programmes.documents import selectors, services
from linli.programmes.documents.models import Alias, Document, Finding, Part
from tests.races import at_once, one_wins

TEXT = "街道召开推进会\n\n街道党工委书记要求，一是加强巡查；二是落实责任。"


@pytest.mark.slow
@pytest.mark.only_on("postgresql", "SQLite lets one writer in at a time")
@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_the_same_finding_one_is_told(world):
    now = world.now
    document = services.import_document(
        by=world.actor("paidan"), now=now, new=services.NewDocument(text=TEXT, kind="minutes")
    )
    blocks = [list(range(document.blocks.count()))]
    services.put_in_order(by=world.actor("paidan"), now=now, document=document, order=blocks, revision=0)
    finding = services.add(by=world.actor("paidan"), now=now, document=document, edit=services.Edit("place", "街道"))

    def act(who, verb):
        by, own = world.actor(who), Finding.objects.select_related("document").get(pk=finding.pk)
        return lambda: verb(by=by, now=now, finding=own, revision=0)

    results = at_once(act("paidan", services.reject), act("lingdao", services.undo))
    assert sorted(type(r).__name__ for r in results) == ["Finding", "StaleError"]
    finding.refresh_from_db()
    assert finding.revision == 1
    assert any(isinstance(r, StaleError) for r in results)


@pytest.mark.slow
@pytest.mark.only_on("postgresql", "SQLite lets one writer in at a time")
@pytest.mark.django_db(transaction=True)
def test_of_two_who_import_the_same_text_one_is_shown_the_other(world):
    def take(who):
        by = world.actor(who)
        new = services.NewDocument(text=TEXT, kind="minutes")
        return lambda: services.import_document(by=by, now=world.now, new=new)

    results = at_once(take("paidan"), take("lingdao"))
    assert sorted(type(r).__name__ for r in results) == ["AlreadyImportedError", "Document"]
    assert Document.objects.count() == 1


@pytest.mark.slow
@pytest.mark.only_on("postgresql", "SQLite lets one writer in at a time")
@pytest.mark.django_db(transaction=True)
def test_of_two_who_cut_parts_give_tasks_or_link_a_name_at_once_one_is_told(world):
    now, by = world.now, world.actor("paidan")
    policy = services.NewDocument(text="意见\n\n一、甲。乙。\n\n二、丙。", kind="policy")
    document = services.import_document(by=by, now=now, new=policy)
    services.put_in_order(by=by, now=now, document=document, order=[[*range(document.blocks.count())]], revision=0)
    document.refresh_from_db()
    part = document.parts.order_by("position")[0]
    at = selectors.borders_of(part).cuts[0].at

    def split(who):
        actor, own = world.actor(who), Part.objects.select_related("document").get(pk=part.pk)
        return lambda: services.split_part(by=actor, now=now, part=own, revision=0, at=at)

    one_wins(at_once(split("paidan"), split("lingdao")))
    assert document.parts.count() == 3
    finding = services.add(by=by, now=now, document=document, edit=services.Edit("requirement", "丙"))

    def give(who):
        actor, own = world.actor(who), Finding.objects.select_related("document").get(pk=finding.pk)
        wanted = services.Wanted("落实", world.units["management"].pk, people.local_day(now))
        rows = [services.WantedOf(own, 0, wanted)]
        return lambda: services.make_tasks(by=actor, now=now, document=own.document, rows=rows)

    one_wins(at_once(give("paidan"), give("lingdao")))
    assert Task.objects.count() == 1
    name = services.add(by=by, now=now, document=document, edit=services.Edit("unit", "乙"))
    known = selectors.Known("unit", world.units["management"].uuid, "管理办")

    def link(who):
        actor, own = world.actor(who), Finding.objects.select_related("document").get(pk=name.pk)
        return lambda: services.link(by=actor, now=now, finding=own, revision=0, known=known)

    one_wins(at_once(link("paidan"), link("lingdao")))
    assert Alias.objects.count() == 1
