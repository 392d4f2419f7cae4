"""The way to the server: encrypted, known, allowed; what is wrong is said, and told once."""

import io
import socket
from datetime import timedelta

import pytest
from PIL import Image

from linli.engines.cases.models import Case, CaseEvent, CaseFile
from linli.engines.mailbox import services
from linli.engines.mailbox.models import Mail, Mailbox
from linli.engines.mailbox.services.connecting import TroubleError, opened
from linli.engines.mailbox.tests import scenes
from linli.engines.mailbox.tests.server import Front, certificate
from linli.foundation.files import selectors as files
from linli.foundation.messages.models import Message
from linli.foundation.messages.selectors import words_of
from tests.races import at_once

pytestmark = pytest.mark.django_db


def trial(world, row):
    return services.try_connection(by=world.actor("xitong"), mailbox=row)


def said(found):
    return (found.steps[-1].label, found.ok, found.steps[-1].said)


@pytest.fixture
def front(server, tmp_path):
    made = []

    def make(**more):
        pem = more.pop("pem", None) or certificate()
        found = Front(server.port, tmp_path, pem, **more)
        made.append(found)
        return found, pem[0]

    yield make
    for found in made:
        found.stop()


@pytest.mark.parametrize(("security", "starttls"), [("tls", False), ("starttls", True)])
def test_over_tls_with_a_certificate_that_is_trusted_mail_is_taken(world, server, front, security, starttls):
    tls, ca = front(starttls=starttls)
    row = scenes.mailbox(world, tls, security=security, host="localhost", ca=ca)
    server.folder.put(scenes.raw(world))
    found = trial(world, row)
    assert found.ok, found
    assert "共 1 封，未读 1 封" in found.steps[-1].said
    assert scenes.look(world, row).taken == 1


def test_a_certificate_that_nobody_knows_is_not_trusted(world, server, front):
    tls, _ca = front()
    label, ok, words = said(trial(world, scenes.mailbox(world, tls, security="tls", host="localhost")))
    assert (label, ok) == ("加密", False)
    assert "信任的证书" in words


def test_a_certificate_of_another_name_or_that_is_over_is_refused(world, server, front):
    tls, ca = front(pem=certificate(days=-1))
    over = said(trial(world, scenes.mailbox(world, tls, security="tls", host="localhost", ca=ca)))
    assert over[:2] == ("加密", False)
    assert "已过期" in over[2]


@pytest.mark.parametrize(
    ("more", "label", "words"),
    [
        ({"password": "falsch"}, "登录", "授权码"),
        ({"folder": "没有的"}, "打开文件夹", "现有的：INBOX"),
        ({"security": "tls"}, "加密", "没有使用 TLS"),
        ({"security": "starttls"}, "加密", "没有提供 STARTTLS"),
        ({"host": "nowhere.invalid"}, "找到服务器", "nowhere.invalid"),
    ],
)
def test_what_is_wrong_is_said(world, server, more, label, words):
    where, ok, told = said(trial(world, scenes.mailbox(world, server, **more)))
    assert (where, ok) == (label, False)
    assert words in told


def test_nobody_at_the_port_is_said(world, server):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        row = scenes.mailbox(world, server, port=port)
        label, ok, words = said(trial(world, row))
    assert (label, ok) == ("连接", False)
    assert str(port) in words


def test_private_addresses_are_left_alone_unless_allowed(world, server, settings):
    row = scenes.mailbox(world, server)
    settings.MAILBOX_PRIVATE = False
    assert said(trial(world, row))[:2] == ("找到服务器", False)
    server.folder.put(scenes.raw(world))
    assert "LINLI_MAILBOX_PRIVATE" in scenes.look(world, row).trouble
    assert Mail.objects.count() == 0


def test_without_encryption_only_to_this_machine(world, server):
    row = scenes.mailbox(world, server)
    Mailbox.objects.update(host="192.0.2.7")
    row.refresh_from_db()
    with pytest.raises(TroubleError, match="TLS"), opened(row):
        pass


def notices():
    return [words_of(m).body for m in Message.objects.filter(template="mailbox.state").order_by("id")]


def test_a_login_that_is_refused_is_told_once_and_once_more_when_it_is_well(world, server, box):
    fine = bytes(box.password_sealed)
    wrong = scenes.data(server, password="falsch")
    services.change_mailbox(by=world.actor("xitong"), now=world.now, mailbox=box, data=wrong, expected=1)
    for minutes in range(4):
        assert "授权码" in scenes.look(world, box, world.now + timedelta(minutes=3 * minutes)).trouble
    row = Mailbox.objects.get()
    assert (row.failures, row.failing_since) == (4, world.now)
    told = notices()
    assert len(set(told)) == 1
    people = len(told)
    Mailbox.objects.update(password_sealed=fine)
    scenes.look(world, box, world.now + timedelta(hours=1))
    scenes.look(world, box, world.now + timedelta(hours=2))
    row.refresh_from_db()
    assert (row.failures, row.failing_since, row.trouble) == (0, None, "")
    assert len(notices()) == 2 * people
    assert "已恢复" in notices()[-1]


def test_a_server_that_is_gone_for_a_moment_is_no_news(world, server, box):
    server.stop()
    scenes.look(world, box)
    scenes.look(world, box, world.now + timedelta(minutes=3))
    assert notices() == []
    scenes.look(world, box, world.now + timedelta(minutes=6))
    assert "没有服务" in notices()[0]
    server.listening = type("L", (), {"stopListening": staticmethod(lambda: None)})


def jpeg(colour="red"):
    image = Image.new("RGB", (400, 300), colour)
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_photos_are_evidence_without_where_they_were_taken_and_what_is_refused_is_named(world, server, box):
    mail = scenes.letter(world)
    mail.add_attachment(jpeg(), maintype="image", subtype="jpeg", filename="楼道.jpg")
    mail.add_attachment(jpeg(), maintype="image", subtype="jpeg", filename="同一张.jpg")
    mail.add_attachment(b"MZ\x90", maintype="application", subtype="octet-stream", filename="run.exe")
    mail.add_attachment(
        jpeg("blue"), maintype="image", subtype="jpeg", disposition="inline", cid="<i@x>", filename="i.jpg"
    )
    server.folder.put(mail.as_bytes())
    scenes.look(world, box)
    case = Case.objects.get()
    kept = list(CaseFile.objects.filter(case=case).select_related("file"))
    assert [(f.purpose, f.file.kind, f.event_seq) for f in kept] == [("report", "photo", 1)]
    shown = b"".join(files.serve_shown(kept[0].file.uuid, 1600).chunks)
    assert b"secret" not in shown
    note = CaseEvent.objects.get(case=case, verb="note")
    assert "run.exe" in note.text
    assert "i.jpg" not in note.text  # a small picture within the text is an ornament
    assert note.public is False


def test_a_broken_message_waits_and_the_next_is_taken(world, server, box):
    many = b"From: w@x.cn\nSubject: bomb\nMessage-ID: <z@x>\nContent-Type: multipart/mixed; boundary=b\n\n"
    server.folder.put(many + b"--b\n\nx\n" * 300 + b"--b--\n")
    server.folder.put(scenes.raw(world))
    scenes.look(world, box)
    assert list(Mail.objects.order_by("uid").values_list("state", "reason", "subject")) == [
        ("aside", "unreadable", "bomb"), ("case", "", "楼道堆物没人清"),
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_on("postgresql", reason="SQLite has one writer")
def test_two_workers_at_once_take_each_message_once(world, server, box):
    for n in range(6):
        server.folder.put(scenes.raw(world, message_id=f"<n{n}@x>", sender=f"w{n}@example.net"))
    results = at_once(*[lambda: scenes.look(world, box) for _n in range(3)])
    assert not [r for r in results if isinstance(r, Exception)], results
    assert sum(r.taken for r in results) == 6
    services.take_all(now=world.now)
    assert (Case.objects.count(), Mail.objects.filter(state="case").count()) == (6, 6)
    assert Message.objects.filter(template="mailbox.receipt").count() == 6


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_on("postgresql", reason="SQLite has one writer")
def test_of_two_who_decide_at_once_one_is_told(world, server, box):
    server.folder.put(scenes.raw(world, X_Spam_Flag="YES"))
    scenes.look(world, box)
    row = Mail.objects.get()
    a, b = world.actor("zhiban"), world.actor("paidan")
    results = at_once(
        lambda: services.make_case(by=a, now=world.now, mail=row),
        lambda: services.make_case(by=b, now=world.now, mail=row),
    )
    assert sorted(isinstance(r, Exception) for r in results) == [False, True], results
    assert Case.objects.count() == 1
