"""What is personal goes when its days are over: contact, text as written, voice, messages, unsent uploads."""

import os
from datetime import timedelta

import pytest

from linli.engines.cases import services
from linli.engines.cases.models import Case, CaseEvent, CaseFile, Reporter
from linli.engines.cases.services.importing import parcels
from linli.engines.cases.tests.steps import faults, get, raise_case, to_closed, to_handling
from linli.engines.cases.types import Contact, FeedbackWay, FilePurpose, FileRef
from linli.foundation.core.actors import GUEST
from linli.foundation.files import services as files
from linli.foundation.files import storage
from linli.foundation.files.models import StoredFile
from linli.foundation.files.tests import samples
from linli.foundation.jobs.services import delete_what_is_over, drain
from linli.foundation.journal.models import Entry
from linli.foundation.messages import services as messages
from linli.foundation.messages.models import ContactRecord, Message
from linli.foundation.messages.types import ChannelCode, Outcome

pytestmark = pytest.mark.django_db
VOICE = b"#!AMR\n" + b"\x3c" * 64


@pytest.fixture
def data(tmp_path, settings):
    settings.DATA = tmp_path
    return tmp_path


TEXT = "我叫王芳，电话 13812345678，楼上天天吵"


def upload(world, content=None, *, now=None, purpose="report"):
    return files.store(
        by=GUEST, now=now or world.now, content=content or samples.photo_with_gps(), name="a.jpg", purpose=purpose
    )


def withdrawn(world, **fields):
    case = raise_case(world, text=TEXT, **fields)
    return services.withdraw(by=world.actor("paidan"), now=world.now, case=case, reason="已自行解决")


def over(world, days):
    return delete_what_is_over(now=world.now + timedelta(days=days))


def test_contact_goes_a_year_after_the_end_and_the_case_stays(world):
    case = withdrawn(world)
    before = Reporter.objects.get()
    assert before.phone_hash
    assert "cases.contact" not in over(world, 364)
    assert over(world, 366)["cases.contact"] == 1
    reporter = Reporter.objects.get()
    assert (bytes(reporter.name_sealed), bytes(reporter.phone_sealed), reporter.phone_hash) == (b"", b"", "")
    assert (reporter.user_id, reporter.rating_text) == (None, "")
    assert reporter.code_hash == before.code_hash  # the tracking code still opens the case
    assert get(case).text == Case.objects.get().text
    assert services.open_contacts(by=world.actor("paidan"), now=world.now, case=get(case), purpose="回访") == [
        {"name": "", "phone": "", "email": "", "way": "电话"}
    ]


def test_an_e_mail_address_goes_with_the_rest_of_the_contact(world):
    withdrawn(world, contact=Contact(email="wang@example.net", mail_id="<a@x>", way=FeedbackWay.EMAIL))
    assert Reporter.objects.get().reachable
    assert over(world, 366)["cases.contact"] == 1
    reporter = Reporter.objects.get()
    assert (bytes(reporter.email_sealed), reporter.email_hash, bytes(reporter.thread_sealed)) == (b"", "", b"")


def test_an_open_case_keeps_everything_however_old(world):
    to_handling(world, raise_case(world, text=TEXT))
    done = over(world, 3000)
    assert not {"cases.contact", "cases.text", "cases.voice"} & set(done)
    assert Reporter.objects.get().phone_hash


def test_a_merged_case_keeps_its_reporters_until_the_main_one_ended(world):
    main, child = raise_case(world), raise_case(world, text=TEXT)
    paidan = world.actor("paidan")
    services.accept(by=paidan, now=world.now, case=main, verify=False)
    services.merge(by=paidan, now=world.now, case=child, main=get(main), reason="同一件")
    assert "cases.contact" not in over(world, 800)
    to_closed(world, get(main))
    assert "cases.contact" not in over(world, 364)
    assert over(world, 366)["cases.contact"] == 2


def test_the_text_as_written_goes_after_two_years_and_events_still_give_the_row(world):
    case = withdrawn(world)
    assert case.text_sealed
    over(world, 729)
    assert get(case).text_sealed
    assert over(world, 731)["cases.text"] == 1
    case = get(case)
    assert case.text_sealed is None
    assert "13812345678" not in case.text
    assert faults(case) == []
    CaseEvent.objects.filter(case=case).update(on_behalf_of="李阿姨")
    assert over(world, 731)["cases.on_behalf_of"] == CaseEvent.objects.count()
    assert not CaseEvent.objects.exclude(on_behalf_of="").exists()


def test_the_sound_of_a_voice_note_goes_after_two_years_the_photo_stays(world, data):
    voice = upload(world, VOICE)
    photo = upload(world)
    refs = [FileRef(voice.pk, FilePurpose.VOICE), FileRef(photo.pk, FilePurpose.REPORT)]
    withdrawn(world, files=refs)
    assert over(world, 731)["cases.voice"] == 1
    voice.refresh_from_db()
    assert voice.deleted_at is not None
    assert voice.deleted_why == "保存期满"
    assert list(CaseFile.objects.values_list("file_id", flat=True)) == [photo.pk]
    assert StoredFile.objects.get(pk=photo.pk).deleted_at is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("purpose", ["case", "report", "voice", "after"])
def test_an_upload_that_was_never_sent_goes_after_a_day_with_its_content(world, data, purpose):
    kept, lost = upload(world), upload(world, samples.encoded("PNG"), purpose=purpose)
    raise_case(world, files=[FileRef(kept.pk, FilePurpose.REPORT)])
    assert over(world, 0.9).get("files.upload") is None
    assert storage.path_of(lost.uuid).exists()
    assert over(world, 1.1)["files.upload"] == 1
    lost.refresh_from_db()
    assert lost.deleted_why == "上传后未提交"
    assert not storage.path_of(lost.uuid).exists()
    assert storage.path_of(kept.uuid).exists()
    assert "files.upload" not in over(world, 2)


def test_messages_go_after_a_year_and_attempts_to_reach_somebody_lose_their_words(world):
    paidan = world.actor("paidan")
    case = to_handling(world, raise_case(world))
    drain(now=world.now)
    sent = Message.objects.count()
    assert sent
    messages.record_contact(
        by=paidan, now=world.now, channel=ChannelCode.PHONE, outcome=Outcome.NO_ANSWER, note="说孩子病了",
        subject_kind="case", subject_uuid=case.uuid,
    )  # fmt: skip
    done = over(world, 366)
    assert done["messages.contact_note"] == 1
    assert done["messages.message"] == sent
    assert not Message.objects.exists()
    record = ContactRecord.objects.get()
    assert (bytes(record.note_sealed), record.outcome) == (b"", "no_answer")


def test_a_sheet_uploaded_for_import_goes_after_a_day(world, data):
    sheet = "内容,地址\n路灯不亮,长宁路 488 弄\n".encode()
    parcel = parcels.keep(by=world.actor("paidan"), content=sheet, name="a.csv", kind="messages")
    path = parcels._folder() / str(parcel.uuid)
    assert over(world, 0).get("cases.import") is None or not path.exists()
    os.utime(path, (world.now.timestamp(), world.now.timestamp()))
    assert over(world, 1.1)["cases.import"] == 1
    assert not path.exists()


def test_the_journal_says_how_many_and_nothing_of_what(world):
    withdrawn(world)
    over(world, 800)
    entries = Entry.objects.filter(verb="jobs.retention")
    assert {"cases.contact", "cases.text"} <= {e.label for e in entries}
    for entry in entries:
        assert set(entry.after or {}) == {"rows", "days"}
        assert (entry.actor_kind, entry.before, entry.object_uuid) == ("system", None, None)
