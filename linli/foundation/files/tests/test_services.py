import io
import os
import tracemalloc
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from PIL import Image

from linli.foundation.core.actors import GUEST, SYSTEM
from linli.foundation.core.coordinates import CoordinateSystem
from linli.foundation.core.errors import InvalidError
from linli.foundation.files import selectors, services, storage
from linli.foundation.files.exceptions import FileDamagedError, FileGoneError, FileRefusedError
from linli.foundation.files.models import StoredFile
from linli.foundation.files.tests import samples
from linli.foundation.files.types import Kind, Limits, TakenAt
from linli.foundation.rulebook import selectors as rules
from linli.foundation.rulebook import services as rulebook

NOW = datetime(2026, 3, 5, 7, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def store(content, name="楼道.jpg", **more):
    return services.store(by=GUEST, now=NOW, content=content, name=name, purpose="case.evidence", **more)


def test_the_original_stays_and_the_shown_version_forgets_where_it_was_taken():
    content = samples.photo_with_gps()
    taken = TakenAt(NOW, 31.21, 121.42, 12.5, CoordinateSystem.GCJ02, "gps")
    row = store(content, taken=taken)
    assert selectors.open_original(row.uuid) == (content, "image/jpeg")
    assert (row.kind, row.width, row.height, row.name) == ("photo", 480, 640, "楼道.jpg")
    for size in (320, 1600):
        shown, mime = selectors.open_shown(row.uuid, size)
        assert mime == "image/jpeg"
        assert b"Secret" not in shown
        with Image.open(io.BytesIO(shown)) as image:
            assert image.size == ((240, 320) if size == 320 else (480, 640))  # turned upright by its EXIF
            assert not dict(image.getexif())
            assert not {"icc_profile", "comment", "xmp", "exif"} & set(image.info)
    both = selectors.plausibility(row.uuid)
    assert both.phone == taken
    assert both.exif is not None
    assert both.exif.at == datetime(2026, 3, 5, 6, 20, 11, tzinfo=UTC)
    assert (both.exif.lat, both.exif.lon) == (31.21, 121.42)


def test_nothing_lies_in_clear(data, content_files):
    row = store(samples.photo_with_gps(), name="王小明身份证.jpg", taken=TakenAt(lat=31.2123, lon=121.4, source="gps"))
    assert len(content_files()) == 3
    for path in content_files():
        raw = path.read_bytes()
        assert b"JFIF" not in raw
        assert b"Exif" not in raw
        assert b"Secret" not in raw
        assert "王小明" not in str(path)
        assert path.stat().st_mode & 0o077 == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM files_storedfile")
        text = repr([bytes(v) if isinstance(v, memoryview) else v for v in cursor.fetchone()])
    assert "王小明" not in text
    assert "31.2123" not in text
    assert str(row.uuid) == content_files()[0].name


@pytest.mark.parametrize(
    ("content", "name", "kind", "extension"),
    [
        (samples.encoded("PNG"), "a.png", "photo", "png"),
        (samples.encoded("WEBP"), "a.webp", "photo", "webp"),
        (samples.xlsx(), "表.xlsx", "document", "xlsx"),
        (samples.docx(), "文.docx", "document", "docx"),
        (samples.pdf(), "文.pdf", "document", "pdf"),
        (samples.MP3, "录音.mp3", "voice", "mp3"),
        (samples.WEBM_VOICE, "录音.webm", "voice", "webm"),
        (samples.WEBM_FILM, "录像.webm", "video", "webm"),
        (samples.MP4, "录像.mp4", "video", "mp4"),
        (samples.AMR, "录音.amr", "voice", "amr"),
    ],
)
def test_what_is_taken(content, name, kind, extension):
    row = store(content, name)
    assert (row.kind, row.extension, row.name) == (kind, extension, name)
    assert selectors.open_original(row.uuid)[0] == content
    served = selectors.serve_original(row.uuid)
    assert served.attachment is True
    assert served.length == len(content) == row.size
    assert b"".join(served.chunks) == content


def test_the_content_wins_over_the_name():
    row = store(samples.encoded("PNG"), "报告.pdf")
    assert (row.mime, row.name) == ("image/png", "报告.png")


REFUSED = [
    (b"", "empty"),
    (samples.huge_png(), "bomb"),
    (samples.encoded("JPEG")[:4000], "broken"),
    (samples.encoded("PNG")[:-400], "broken"),
    (b"\xff\xd8\xff\xe0 not a picture at all", "broken"),
    (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "markup"),
    (b"\xef\xbb\xbf  <!DOCTYPE html><script>alert(1)</script>", "markup"),
    ("<html>".encode("utf-16"), "markup"),
    (b"MZ\x90\x00" + bytes(100), "program"),
    (b"\x7fELF" + bytes(100), "program"),
    (b"#!/bin/sh\nrm -rf /\n", "program"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "old_office"),
    (samples.package({"a.txt": "hello"}), "archive"),
    (samples.package({"[Content_Types].xml": "x", "a.txt": "hello"}), "archive"),
    (samples.docx({"word/vbaProject.bin": "x"}), "macro"),
    (samples.docx({"word/media/a.bin": bytes(6_000_000)}), "bomb"),
    (samples.docx({f"word/{i}.xml": "x" for i in range(2001)}), "bomb"),
    (samples.docx()[:-30], "broken"),
    (samples.HEIC, "heic"),
    ("就是一段文字".encode(), "unknown"),
    (bytes(5000), "unknown"),
]


@pytest.mark.parametrize(("content", "reason"), REFUSED, ids=lambda v: v if isinstance(v, str) else "")
def test_what_is_refused_leaves_nothing(content, reason, content_files, monkeypatch):
    monkeypatch.setattr(selectors, "limits", lambda _now: Limits(unpacked=5_000_000))
    with pytest.raises(FileRefusedError) as caught:
        store(content, "a.jpg")
    assert caught.value.code == f"files.{reason}"
    assert caught.value.message.endswith("。")
    assert caught.value.hint
    assert content_files() == []
    assert not StoredFile.objects.exists()


def test_a_real_100_megapixel_png_is_refused_by_its_header(monkeypatch):
    def never(*args):
        raise AssertionError("decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", never)
    with pytest.raises(FileRefusedError, match="过大"):
        store(samples.huge_png(50_000, 50_000))


@pytest.mark.parametrize(
    ("content", "limit"),
    [
        (samples.encoded("PNG") + bytes(300_000), 300_000),
        (samples.MP3 + bytes(4096), 4096),
        (samples.MP4 + bytes(3 * 1024 * 1024), 3 * 1024 * 1024),
        (samples.pdf() + bytes(100_000), 100_000),
        (samples.xlsx() + bytes(100_000), 100_000),
    ],
)
def test_too_large_leaves_nothing(content, limit, content_files, monkeypatch):
    monkeypatch.setattr(selectors, "limits", lambda _now: samples.SMALL)
    with pytest.raises(FileRefusedError) as caught:
        store(io.BytesIO(content))
    assert caught.value.code == "files.too_large"
    assert caught.value.params == {"limit": limit}
    assert content_files() == []


@pytest.mark.parametrize(
    "tail",
    [
        b"<html><script>alert(1)</script></html>",
        samples.package({"x.js": "alert(1)"}),
        b"<?php __HALT_COMPILER(); ?>",
        b"*/=1;alert(1)",
    ],
)
def test_a_polyglot_is_shown_without_its_second_face(tail):
    content = samples.encoded("JPEG", comment=b"<script>alert(2)</script>") + tail
    row = store(content, "a.html")
    assert selectors.open_original(row.uuid)[0] == content  # evidence stays as it came, as an attachment
    assert row.name == "a.jpg"
    shown = selectors.open_shown(row.uuid)[0]
    assert b"alert" not in shown
    assert b"HALT_COMPILER" not in shown
    assert b"PK\x03\x04" not in shown


def test_a_moving_picture_shows_its_first_frame_and_transparency_stays():
    frames = [Image.new("RGB", (60, 40), c) for c in ("red", "blue", "green")]
    target = io.BytesIO()
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])
    with Image.open(io.BytesIO(selectors.open_shown(store(target.getvalue(), "a.gif").uuid, 320)[0])) as shown:
        assert getattr(shown, "n_frames", 1) == 1
        red, green, blue = shown.convert("RGB").resize((1, 1)).tobytes()
        assert red > 200 > 60 > max(green, blue)
    clear = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(clear, "PNG")
    assert selectors.open_shown(store(clear.getvalue(), "a.png").uuid)[1] == "image/webp"


def test_malformed_exif_is_no_obstacle():
    exif = Image.Exif()
    exif[0x0112] = 99
    exif.get_ifd(0x8769)[0x9003] = "0000:00:00 not a time"
    exif.get_ifd(0x8825).update({1: "N", 2: (400.0, 0.0, 0.0), 3: "E", 4: (1.0,)})
    row = store(samples.encoded(exif=exif))
    assert selectors.plausibility(row.uuid).exif is None


def test_the_same_content_is_recognised():
    first, other, again = store(samples.MP3, "1.mp3"), store(samples.AMR, "2.amr"), store(samples.MP3, "3.mp3")
    assert (first.duplicate_of, other.duplicate_of, again.duplicate_of) == (None, None, first.uuid)
    assert [r.uuid for r in selectors.duplicates(first.uuid)] == [again.uuid]


def test_only_photos_where_only_photos_are_asked(content_files):
    with pytest.raises(FileRefusedError):
        store(samples.MP3, only={Kind.PHOTO})
    assert content_files() == []


def test_a_film_is_never_held_whole():
    class Camera:
        def __init__(self, size):
            self.left = size

        def read(self, size=-1):
            head = samples.MP4 if self.left == 48 * 1024 * 1024 else b""
            size = min(size, self.left)
            self.left -= size
            return (head + bytes(size))[:size]

    tracemalloc.start()
    row = store(Camera(48 * 1024 * 1024), "录像.mp4")
    served = selectors.serve_original(row.uuid)
    length = sum(len(piece) for piece in served.chunks)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert length == served.length == row.size == 48 * 1024 * 1024
    assert peak < 12 * 1024 * 1024


def test_few_statements(django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(services, "record", lambda **_: None)
    rules.all_rules(NOW.date())  # a process keeps them
    with django_assert_num_queries(4):  # savepoint twice, earlier copy, insert; the journal's is its own
        store(samples.encoded())
    uuid = StoredFile.objects.get().uuid
    with django_assert_num_queries(1):
        selectors.open_shown(uuid)
    with django_assert_num_queries(1):
        assert set(selectors.stored_many([uuid, uuid4()])) == {uuid}


def test_a_failed_write_of_the_row_leaves_no_content(content_files, monkeypatch):
    def fail(**_):
        raise RuntimeError("journal")

    monkeypatch.setattr(services, "record", fail)
    with pytest.raises(RuntimeError):
        store(samples.MP3)
    assert content_files() == []
    assert not StoredFile.objects.exists()


def test_a_source_that_breaks_off_leaves_nothing(content_files):
    class Source:
        def __init__(self):
            self.parts = [samples.MP4, bytes(1000)]

        def read(self, size=-1):
            if not self.parts:
                raise OSError("line dropped")
            return self.parts.pop(0)

    with pytest.raises(OSError, match="dropped"):
        store(Source())
    assert content_files() == []


def test_deletion_leaves_a_tombstone(content_files, django_capture_on_commit_callbacks):
    row = store(samples.photo_with_gps())
    with pytest.raises(InvalidError):
        services.delete(by=SYSTEM, now=NOW, uuid=row.uuid, reason="  ")
    with django_capture_on_commit_callbacks(execute=True):
        services.delete(by=SYSTEM, now=NOW, uuid=row.uuid, reason="误传")
    assert content_files() == []
    row.refresh_from_db()
    assert (row.deleted_at, row.deleted_by, row.deleted_why, row.name) == (NOW, "系统", "误传", "")
    assert bytes(row.exif_sealed) == b""
    assert row.sha256
    for read in (selectors.stored, selectors.serve_shown, selectors.serve_original, selectors.plausibility):
        with pytest.raises(FileGoneError):
            read(row.uuid)
    with pytest.raises(FileGoneError):
        services.delete(by=SYSTEM, now=NOW, uuid=row.uuid, reason="再删")


def test_clean_up_takes_orphans_and_half_written_content_only(content_files):
    kept, fresh = store(samples.MP3), store(samples.AMR)
    with transaction.atomic():
        store(samples.encoded())
        transaction.set_rollback(True)
    (storage.root() / "incoming" / f"{uuid4()}").write_bytes(b"half")
    assert len(content_files()) == 6
    later = datetime.now(UTC) + timedelta(hours=1)
    assert services.clean_up(now=later) == 0  # too young to be judged
    old = (later - timedelta(days=3)).timestamp()
    for path in content_files():
        if path.name != str(fresh.uuid):
            os.utime(path, (old, old))
    assert services.clean_up(now=later) == 4
    assert {p.name for p in content_files()} == {str(kept.uuid), str(fresh.uuid)}


def test_damage_is_said_and_found():
    row = store(samples.MP3)
    assert selectors.original_intact(row.uuid)
    path = storage.path_of(row.uuid)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert not selectors.original_intact(row.uuid)
    with pytest.raises(FileDamagedError):
        selectors.open_original(row.uuid)
    path.unlink()
    with pytest.raises(FileDamagedError):
        selectors.serve_original(row.uuid)


def test_photos_shown_in_no_other_size_and_documents_not_at_all():
    with pytest.raises(FileGoneError):
        selectors.serve_shown(store(samples.encoded()).uuid, 99)
    with pytest.raises(FileGoneError):
        selectors.serve_shown(store(samples.pdf()).uuid)


def test_the_daily_job_is_registered():
    from linli.foundation.files import tasks

    tasks.clean_up({}, NOW)
    assert services.clean_up(now=NOW) == 0


def test_the_shipped_limits_are_those_of_the_room():
    assert selectors.limits(NOW) == Limits()


def test_a_changed_rule_counts_from_its_day():
    def change(code, value, day):
        rulebook.set_rule(
            by=SYSTEM, now=NOW, code=code, value=value, unit="MB", source="本街道", mark="G", valid_from=day, why="试点"
        )

    change("files.photo", 1, NOW.date() + timedelta(days=1))
    change("files.pixels", 1, NOW.date() + timedelta(days=2))
    noisy = samples.encoded("PNG", (1200, 1000))
    large = noisy + b"\0" * (1024 * 1024)
    assert store(noisy).kind == "photo"
    tomorrow = NOW + timedelta(days=1)
    with pytest.raises(FileRefusedError) as error:
        services.store(by=GUEST, now=tomorrow, content=large, name="大.png", purpose="report")
    assert error.value.code == "files.too_large"
    assert "1 MB" in str(error.value)
    with pytest.raises(FileRefusedError) as error:
        services.store(by=GUEST, now=tomorrow + timedelta(days=1), content=noisy, name="大.png", purpose="report")
    assert error.value.code == "files.bomb"


def test_a_limit_of_nothing_is_refused():
    with pytest.raises(InvalidError):
        rulebook.set_rule(
            by=SYSTEM, now=NOW, code="files.voice", value=0, unit="MB", source="x", mark="G",
            valid_from=NOW.date(), why="x",
        )  # fmt: skip
