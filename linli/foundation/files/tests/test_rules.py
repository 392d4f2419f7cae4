import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.foundation.files import rules, sniffing
from linli.foundation.files.tests import samples


@given(st.text(max_size=400))
def test_a_clean_name_never_leaves_its_folder(name):
    cleaned = rules.clean_name(name, "jpg")
    assert cleaned.endswith(".jpg")
    assert len(cleaned.encode()) <= 255
    assert not set(cleaned) & set('/\\\x00\n\r"<>:|?*')
    assert not cleaned.startswith(".")


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("..\\..\\boot.ini", "boot.jpg"),
        ("楼道堆物.HEIC", "楼道堆物.jpg"),
        ("a.php.jpeg", "a.php.jpg"),
        ("", "file.jpg"),
        ("...", "file.jpg"),
        ("CON.txt", "_CON.jpg"),
        ("照" * 200 + ".png", "照" * 83 + ".jpg"),
        ("\u202egpj.exe", "gpj.jpg"),
        ("; rm -rf ~ $(x).jpg", "; rm -rf ~ $(x).jpg"),
    ],
)
def test_names(name, cleaned):
    assert rules.clean_name(name, "jpg") == cleaned


@pytest.mark.parametrize(
    ("content", "extension", "mime"),
    [
        (samples.MP3, "mp3", "audio/mpeg"),
        (samples.BARE_MP3, "mp3", "audio/mpeg"),
        (samples.WEBM_VOICE, "webm", "audio/webm"),
        (samples.WEBM_FILM, "webm", "video/webm"),
        (samples.MP4, "mp4", "video/mp4"),
        (samples.MP4, "m4a", "audio/mp4"),
        (samples.M4A, "", "audio/mp4"),
        (samples.AMR, "amr", "audio/amr"),
        (samples.OGG, "ogg", "audio/ogg"),
        (samples.pdf(), "jpg", "application/pdf"),
        (samples.encoded("PNG"), "exe", "image/png"),
        (samples.encoded("WEBP"), "", "image/webp"),
    ],
)
def test_the_content_says_what_it_is(content, extension, mime):
    found = sniffing.sniff(content, extension)
    assert found is not None
    assert found.mime == mime


@given(st.binary(max_size=300))
def test_sniffing_never_fails(content):
    found = sniffing.sniff(content)
    assert found is not None or sniffing.refused_as(content) in {
        "program",
        "markup",
        "old_office",
        "archive",
        "unknown",
    }
