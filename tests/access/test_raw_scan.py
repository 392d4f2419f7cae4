"""Nothing personal in clear on disk: canaries go in by every field, then database and data folder are searched raw."""

import base64
import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image

from linli.engines.cases import services
from linli.engines.cases.models import Case
from linli.engines.cases.types import Contact, FeedbackWay, Report
from linli.engines.cases.workflow import Level, Outcome
from linli.foundation.core import clock
from linli.foundation.core.actors import GUEST
from linli.foundation.core.coordinates import Point
from linli.foundation.jobs import services as jobs
from tests.login import log_in

pytestmark = pytest.mark.django_db

PHONE, ID, NAME, BYTES = "13987650419", "11010519491231002X", "欧阳哨兵甲", "CANARY-7f3a91-BYTES"
WORDS = f"请打 {PHONE}，身份证 {ID}"
CANARIES = (PHONE, ID, NAME, BYTES)


def forms(canary):
    """Yield ``canary`` in the encodings in which a leak could lie."""
    plain = canary.encode()
    for raw in (plain, canary.encode("utf-16-le"), canary.encode("utf-16-be")):
        yield raw
        yield raw.hex().encode()
        yield raw.hex().upper().encode()
        for shift in range(3):  # wherever in its groups of three it begins
            whole = base64.b64encode(b"\0" * shift + raw)
            yield whole[4 if shift else 0 : len(whole) // 4 * 4 - 4]
    yield canary.encode("unicode_escape")


def found_in(content):
    return sorted({c for c in CANARIES for form in forms(c) if len(form) >= 8 and form in content})


def picture():
    image = Image.new("RGB", (60, 40), (120, 90, 30))
    exif = image.getexif()
    exif[0x010E] = NAME  # description
    exif[0x8825] = {1: "N", 2: (31.0, 13.0, 17.4), 3: "E", 4: (121.0, 25.0, 10.2)}
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=BYTES.encode())
    return out.getvalue()


def raw_database():
    """Return the database as it lies on disk (SQLite), or every column of every table as text (PostgreSQL)."""
    if connection.vendor == "sqlite":
        return connection.connection.serialize()
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        parts = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            parts += [row[0] for row in cursor.fetchall()]
    return "\n".join(parts).encode()


def walk_through(world, client):
    """Let people write the canaries wherever one can write."""
    now, by = world.now, world.actor
    contact = Contact(name=NAME, phone=PHONE, way=FeedbackWay.MESSAGE)
    receipt = services.report(
        by=GUEST,
        now=now,
        report=Report(
            text=f"占道。{WORDS}",
            title=f"找我 {PHONE}",
            category="cross_door",
            address=f"安西路 23 弄 {PHONE}",
            contact=contact,
            point=Point(31.2215, 121.4195),
        ),
    )
    case = Case.objects.get(pk=receipt.case_id)
    step = {"now": now, "case": case}
    services.ask(by=by("paidan"), text=WORDS, **step)
    services.answer(by=by("paidan"), text=WORDS, **step)
    services.note(by=by("zhiban"), text=WORDS, mentions=[world.users["paidan"].pk], **step)
    services.accept(by=by("paidan"), verify=False, **step)
    services.correct(by=by("paidan"), reason=WORDS, changes={"title": WORDS, "address": WORDS}, **step)
    services.dispatch(
        by=by("paidan"),
        unit_id=world.units["enforcement"].pk,
        helper_ids=[world.units["property"].pk],
        reason=WORDS,
        **step,
    )
    services.sign(by=by("chengguan"), **step)
    services.request_extension(by=by("chengguan"), reason=WORDS, amount=1, **step)
    services.decide_extension(by=by("zhiban"), granted=False, reason=WORDS, **step)
    services.help_result(by=by("wuye"), text=WORDS, **step)
    services.urge(by=by("paidan"), text=WORDS, **step)
    order = services.order(by=by("ducha"), text=WORDS, due_on=now.date(), **step)
    order = services.order_reply(by=by("chengguan"), now=now, order=order, text=WORDS)
    services.order_result(by=by("ducha"), now=now, order=order, text=WORDS)
    case.refresh_from_db()
    services.contact(by=by("chengguan"), way="phone", result="reached", text=WORDS, **step)
    services.open_contacts(by=by("chengguan"), purpose=WORDS, **step)
    services.hand_over_shift(by=by("zhiban"), now=now, text=WORDS, case_numbers=[case.number])
    _through_the_face(client, world, case)
    _meet(world, case)
    case.refresh_from_db()
    services.hand_in(by=by("chengguan"), text=WORDS, outcome=Outcome.EXPLAINED, **step)
    services.check(by=by("jiandu"), passed=True, text=WORDS, **step)
    services.reply(by=by("paidan"), way="message", text=WORDS, **step)
    services.close(by=by("lingdao"), reason=WORDS, **step)
    reporter = case.reporters.get()
    services.rate(by=by("paidan"), reporter_id=reporter.pk, rating="unsatisfied", text=WORDS, **step)
    services.review(by=by("zhiban"), reopen=False, reason=WORDS, **step)
    jobs.drain(now=now + timedelta(minutes=5))


def _through_the_face(client, world, case):
    log_in(client, world.users["chengguan"])
    photo = SimpleUploadedFile(f"{NAME}.jpg", picture(), content_type="image/jpeg")
    url = f"/field/cases/{case.number}"
    case.refresh_from_db()
    assert client.post(f"{url}/arrive/", {"expected": case.version, "text": WORDS, "before": photo}).status_code == 302
    assert client.post(f"{url}/reach/", {"purpose": "feedback"}).status_code == 200
    assert client.post(f"{url}/ask/", {"expected": case.version, "text": WORDS}).status_code == 409


def _meet(world, case):
    case.refresh_from_db()
    services.raise_level(by=world.actor("zhiban"), now=world.now, case=case, reason=WORDS)
    assert case.level == Level.COMPREHENSIVE
    meeting = services.convene(
        by=world.actor("zhiban"),
        now=world.now,
        cases=[case],
        title=WORDS,
        held_at=world.now,
        unit_ids=[],
        place="会议室",
    )
    parties = list(meeting.parties.all())
    services.decide(
        by=world.actor("zhiban"),
        now=world.now,
        consultation=meeting,
        decisions={case.pk: WORDS},
        minutes=WORDS,
        positions={p.unit_id: WORDS for p in parties},
    )


@pytest.mark.slow
def test_no_canary_lies_in_clear_in_database_or_files(world, client):
    with clock.frozen(world.now):
        walk_through(world, client)
    content = raw_database()
    assert b"HY20260310-0001" in content  # the scan sees what is there
    tables = leaking_tables() if found_in(content) else []
    assert found_in(content) == [], tables
    files = [p for p in Path(settings.DATA).rglob("*") if p.is_file()]
    assert any("files" in p.parts for p in files)
    for path in files:
        raw = path.read_bytes()
        assert found_in(raw) == [], path
        assert "files" not in path.parts or b"Exif" not in raw, path


def leaking_tables():
    """Return which columns hold a canary, to say where to mend."""
    from django.apps import apps

    found = []
    for model in apps.get_models():
        for row in model.objects.all().values():
            found += [f"{model._meta.label}.{k}" for k, v in row.items() if any(c in str(v) for c in CANARIES)]
    return sorted(set(found))


def test_the_scan_finds_each_encoding():
    for canary in CANARIES:
        for raw in (
            canary.encode(),
            canary.encode("utf-16-le"),
            canary.encode().hex().encode(),
            *(base64.b64encode(b"x" * n + canary.encode() + b"tail") for n in range(6)),
        ):
            assert canary in found_in(b"before " + raw + b" after"), (canary, raw)
