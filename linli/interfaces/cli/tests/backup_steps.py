"""Steps of test_backup.py, each in a process of its own: ``save FOLDER``, then ``bring FOLDER`` elsewhere."""

import os
import sys
import threading
import zipfile
from datetime import timedelta
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "linli.settings"
django.setup()

import pytest  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from typer import Exit  # noqa: E402

from linli.engines.fieldwork.models import Kind, Target, TargetTally  # noqa: E402
from linli.foundation.core import clock, crypto, namespaces  # noqa: E402
from linli.foundation.core.actors import SYSTEM  # noqa: E402
from linli.foundation.core.errors import ConflictError  # noqa: E402
from linli.foundation.core.middleware import registry  # noqa: E402
from linli.foundation.core.provision import create_namespace  # noqa: E402
from linli.foundation.journal import services  # noqa: E402
from linli.foundation.journal.models import Entry  # noqa: E402
from linli.interfaces.cli import backup as cli  # noqa: E402
from linli.interfaces.cli.archive import BackupError  # noqa: E402
from linli.interfaces.cli.verify import verify_command  # noqa: E402


def write(number):
    for i in range(number):
        services.record(
            by=SYSTEM, verb="a.b", kind="case", uuid=None, label=f"𠮷\t\\N\n{i}", now=clock.now(), after={"n": i}
        )


def enter_shop():
    """Enter one shop beside the ledgers that ship with Linli: the database itself counts it."""
    kind, _made = Kind.objects.get_or_create(code="shop", defaults={"name": "门店"})
    Target.objects.create(kind=kind, name="小店", since=clock.now().date(), changed_at=clock.now())


def shops_counted():
    return sum(TargetTally.objects.filter(what=TargetTally.SEEN).values_list("n", flat=True))


def save(folder):
    for name in ("one", "two"):
        create_namespace(name, f"街道{name}", demo=name == "two")
        with namespaces.use(name):
            write(30)
            services.seal_day(now=clock.now() - timedelta(days=1))
            enter_shop()
    registry().add_host("two.example.cn", "two")
    stored = settings.DATA / "files" / "one" / "ab"
    stored.mkdir(parents=True)
    (stored / "photo").write_bytes(crypto_text("one", "照片"))
    (folder / "secret").write_bytes(crypto_text("one", "13800000000"))
    done, going = threading.Event(), threading.Event()
    thread = threading.Thread(target=keep_writing, args=(done, going))
    thread.start()
    going.wait(20)
    seen = []
    result = cli.backup(
        folder / "all.zip", now=clock.now(), keys=folder / "keys", passphrase="口令",
        progress=lambda what, at, of: seen.append((what, at, of)),
    )  # fmt: skip
    done.set()
    thread.join()
    with namespaces.use("one"):
        assert result.rows["one"]["journal_entry"] < Entry.objects.count()
    assert seen == [("one", 0, 2), ("two", 1, 2), ("", 2, 2)], seen
    cli.backup(folder / "one.zip", now=clock.now(), names=["one"], keys=folder / "plain")
    with pytest.raises(BackupError):
        cli.backup(folder / "none.zip", now=clock.now(), names=["three"])
    assert sorted(p.name for p in folder.iterdir()) == ["all.zip", "keys", "one.zip", "plain", "secret"]
    assert b"master" not in (folder / "keys").read_bytes()


def crypto_text(name, text):
    with namespaces.use(name):
        return crypto.encrypt_text(text, "test")


def keep_writing(done, going):
    with namespaces.use("one"):
        while not done.is_set():
            write(5)
            going.set()
            services.seal(now=clock.now())
        write(5)
    connection.close()


def untouched():
    assert registry().all() == []
    assert not (settings.DATA / "files").exists()
    assert not [p for p in settings.DATA.glob("**/*.sqlite3") if p.name != "registry.sqlite3"]
    assert not list(settings.DATA.glob(".restoring*"))


def bring(folder):
    registry()
    refused(folder)
    result = cli.restore(folder / "all.zip", keys=folder / "keys", passphrase="口令")
    assert [(n.name, n.title, n.demo) for n in registry().all()] == [
        ("one", "街道one", False),
        ("two", "街道two", True),
    ]
    assert registry().for_host("two.example.cn") == "two"
    with namespaces.use("one"):
        found = Entry.objects.count()
        assert found == result.rows["one"]["journal_entry"] >= 35
        assert Entry.objects.earliest("id").label == "𠮷\t\\N\n0"
        assert services.verify().ok
        assert services.verify().days == 1
        assert shops_counted() == 1, "what is counted is restored, and counted on, not counted twice"
        enter_shop()
        assert shops_counted() == 2
        write(1)  # sequences go on behind what was restored
        assert crypto.decrypt_text((folder / "secret").read_bytes(), "test") == "13800000000"
        stored = settings.DATA / "files" / "one" / "ab" / "photo"
        assert crypto.decrypt_text(stored.read_bytes(), "test") == "照片"
    with pytest.raises(ConflictError):
        cli.restore(folder / "all.zip", keys=folder / "keys", passphrase="口令")
    cli.restore(folder / "one.zip", keys=folder / "plain", replace=True)
    with namespaces.use("one"):
        assert Entry.objects.count() > found
    verify_command(namespace=["one", "two"])
    with namespaces.use("two"), connection.cursor() as cursor:
        assert Entry.objects.count() == 30
        cursor.execute("DELETE FROM journal_entry WHERE id = 7")
    with pytest.raises(Exit):
        verify_command(namespace=["one", "two"])
    connection.close()


def refused(folder):
    damaged = folder / "damaged.zip"
    content = bytearray((folder / "all.zip").read_bytes())
    stretch = within_the_largest(folder / "all.zip")
    content[stretch] = bytes(byte ^ 0xFF for byte in content[stretch])
    damaged.write_bytes(content)
    altered = folder / "altered.zip"
    with zipfile.ZipFile(folder / "all.zip") as old, zipfile.ZipFile(altered, "w") as new:
        for name in old.namelist():
            extra = b" " if name == "registry.json" else b""
            new.writestr(name, old.read(name) + extra)
    for archive, keys, passphrase in (
        (damaged, "keys", "口令"), (altered, "keys", "口令"), (folder / "secret", "keys", "口令"),
        (folder / "all.zip", "keys", "别的口令"), (folder / "all.zip", "secret", ""), (folder / "all.zip", "", ""),
    ):  # fmt: skip
        with pytest.raises(BackupError):
            cli.restore(archive, keys=folder / keys if keys else None, passphrase=passphrase)
        untouched()


def within_the_largest(archive):
    """64 bytes within the largest member of ``archive``.

    Elsewhere a ZIP has bytes that mean nothing; and within, one bit turned leaves the unpacked text as it was in
    one of ten places (a repetition of nothing but zeros may be copied from anywhere among them).
    """
    with zipfile.ZipFile(archive) as old:
        member = max(old.infolist(), key=lambda info: info.compress_size)
        header = archive.read_bytes()[member.header_offset + 26 : member.header_offset + 30]
    name, extra = int.from_bytes(header[:2], "little"), int.from_bytes(header[2:], "little")
    middle = member.header_offset + 30 + name + extra + member.compress_size // 2
    return slice(middle, middle + 64)


{"save": save, "bring": bring}[sys.argv[1]](Path(sys.argv[2]))
