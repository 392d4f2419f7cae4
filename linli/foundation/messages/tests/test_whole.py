"""From telling people to the mail server and the digest, through the jobs room."""

from datetime import timedelta

import pytest

from linli.foundation.core.actors import SYSTEM
from linli.foundation.jobs import services as jobs
from linli.foundation.messages import digests, selectors, services
from linli.foundation.messages.tests.conftest import NOW
from linli.foundation.messages.types import ChannelCode, Outgoing, Recipient, State


@pytest.mark.django_db
def test_from_sending_to_the_mail_server(smtp):
    services.set_preference(
        by=SYSTEM,
        now=NOW,
        user_id=7,
        channel_code=ChannelCode.EMAIL,
        enabled=True,
        digest=True,
        email="sun@example.org",
    )
    recipient = Recipient(user_id=7, email="sun@example.org")
    params = {"number": "HY-1", "title": "楼道堆物"}
    letters = [Outgoing("cases.urged", params, recipient, c) for c in (ChannelCode.EMAIL, ChannelCode.IN_APP)]
    mail, item = services.send_many(messages=letters, now=NOW)
    smtp.refuse = "451 4.7.1 try later"
    jobs.drain(now=NOW)
    assert selectors.message(mail).state == State.QUEUED
    smtp.refuse = ""
    jobs.drain(now=NOW + timedelta(minutes=1))
    assert selectors.message(mail).state == State.SENT
    assert [i.uuid for i in selectors.inbox(7).rows] == [item]
    assert digests.send_digests(NOW + timedelta(minutes=2)) == 1
    jobs.drain(now=NOW + timedelta(minutes=2))
    assert len(smtp.letters) == 2
