"""What a person decides, who may, and what is deleted when its days are over."""

from datetime import timedelta

import pytest

from linli.engines.cases.models import Case, Reporter
from linli.engines.mailbox import selectors, services
from linli.engines.mailbox.models import Mail, RawMail
from linli.engines.mailbox.tests import scenes
from linli.engines.mailbox.types import MailFilters
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from linli.foundation.messages.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def aside(world, server, box):
    """A message of somebody who is no machine, and who writes too large."""
    server.folder.put(scenes.raw(world, X_Spam_Flag="YES"))
    scenes.look(world, box)
    return Mail.objects.select_related("mailbox").get()


def test_who_decides_and_who_only_reads(world, aside):
    leader, handler = world.actor("ducha"), world.actor("wuye")
    assert [m.pk for m in selectors.waiting(leader)[0]] == [aside.pk]
    for act in (
        lambda **known: services.make_case(**known),
        lambda **known: services.discard(reason="x", **known),
        lambda **known: services.add_to_case(number="x", **known),
    ):
        with pytest.raises(ForbiddenError):
            act(by=leader, now=world.now, mail=aside)
    for read in (
        lambda: selectors.waiting(handler), lambda: selectors.settled(handler, MailFilters()),
        lambda: selectors.mail_for(handler, aside.uuid),
        lambda: services.open_mail(by=handler, now=world.now, mail=aside, purpose="x"),
        lambda: selectors.mailboxes(leader), lambda: services.try_connection(by=leader, mailbox=aside.mailbox),
        lambda: services.look_by_hand(by=leader, now=world.now, mailbox=aside.mailbox),
    ):  # fmt: skip
        with pytest.raises(ForbiddenError):
            read()
    aside.refresh_from_db()
    assert (aside.state, Case.objects.count()) == ("aside", 0)


def test_administrators_set_up_and_read_nothing(world, aside):
    keeper = world.actor("xitong")
    assert [vars(b)["aside"] for b in selectors.mailboxes(keeper)] == [1]
    with pytest.raises(ForbiddenError):
        selectors.mail_for(keeper, aside.uuid)


def test_a_person_makes_a_case_of_it_with_words_of_their_own(world, aside):
    receipt = services.make_case(by=world.actor("zhiban"), now=world.now, mail=aside, text="楼道堆物，已电话核实")
    case = Case.objects.get()
    assert (case.number, case.text, case.uuid) == (receipt.number, "楼道堆物，已电话核实", aside.uuid)
    assert Reporter.objects.get().way == "email"
    with pytest.raises(ConflictError, match="已由"):
        services.discard(by=world.actor("paidan"), now=world.now, mail=aside, reason="晚了")


def test_what_the_intake_refuses_still_waits(world, server, box):
    server.folder.put(scenes.raw(world, subject="", text=""))
    scenes.look(world, box)
    row = Mail.objects.get()
    by = world.actor("zhiban")
    with pytest.raises(InvalidError):
        services.make_case(by=by, now=world.now, mail=row)
    row.refresh_from_db()
    assert row.state == "aside"
    services.make_case(by=by, now=world.now, mail=row, text="来电说是路灯")
    assert (Case.objects.count(), Message.objects.filter(template="mailbox.receipt").count()) == (1, 1)


def test_a_mail_without_a_sender_makes_a_case_that_nobody_is_answered(world, server, box):
    server.folder.put(scenes.raw(world, sender="nobody", name=""))
    scenes.look(world, box)
    services.make_case(by=world.actor("zhiban"), now=world.now, mail=Mail.objects.get())
    assert (Reporter.objects.get().way, Message.objects.filter(channel="email").count()) == ("none", 0)


def test_no_such_case_no_reason_no_purpose(world, aside):
    by = world.actor("zhiban")
    with pytest.raises(NotFoundError):
        services.add_to_case(by=by, now=world.now, mail=aside, number="HY20200101-0001")
    with pytest.raises(InvalidError):
        services.add_to_case(by=by, now=world.now, mail=aside, number=" ")
    with pytest.raises(InvalidError):
        services.discard(by=by, now=world.now, mail=aside, reason=" ")
    with pytest.raises(InvalidError):
        services.open_mail(by=by, now=world.now, mail=aside, purpose="")


def test_what_was_written_is_deleted_when_its_days_are_over(world, server, box, aside):
    server.folder.put(scenes.raw(world, message_id="<later@x>"))
    scenes.look(world, box)
    later = world.now + timedelta(days=91)
    assert services.forget(now=world.now + timedelta(days=80)) == 0
    assert services.forget(now=later) == 1
    case = Mail.objects.get(state="case")
    assert (bytes(case.sender_sealed), bytes(case.content_sealed), case.text, case.subject) == (b"", b"", "", "")
    assert list(RawMail.objects.values_list("mail", flat=True)) == [aside.pk]  # what waits is kept
    server.folder.put(scenes.raw(world, message_id="<later@x>"))
    assert scenes.look(world, box, later).taken == 0  # still known
    services.discard(by=world.actor("zhiban"), now=later, mail=aside, reason="垃圾邮件")
    services.forget(now=world.now + timedelta(days=366))
    assert Mail.objects.count() == 0


def test_a_message_whose_days_are_over_makes_no_case(world, aside):
    RawMail.objects.all().delete()
    with pytest.raises(ConflictError, match="保存期"):
        services.make_case(by=world.actor("zhiban"), now=world.now, mail=aside)
