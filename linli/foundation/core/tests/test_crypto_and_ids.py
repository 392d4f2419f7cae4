import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.foundation.core import crypto, namespaces
from linli.foundation.core.ids import normal_code, tracking_code, uuid7


@given(st.binary(max_size=200))
def test_what_is_encrypted_comes_back(plain):
    sealed = crypto.encrypt(plain, "test")
    assert crypto.decrypt(sealed, "test") == plain
    assert len(plain) < 4 or plain not in sealed


@given(st.data())
def test_one_changed_bit_is_noticed(data):
    sealed = bytearray(crypto.encrypt("居民电话".encode(), "test"))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(crypto.DecryptionError):
        crypto.decrypt(bytes(sealed), "test")


@given(st.binary(max_size=40))
def test_rubbish_is_refused(rubbish):
    with pytest.raises(crypto.DecryptionError):
        crypto.decrypt(rubbish, "test")


def test_another_purpose_or_namespace_cannot_read_it():
    sealed = crypto.encrypt(b"x", "phones")
    with pytest.raises(crypto.DecryptionError):
        crypto.decrypt(sealed, "names")
    with namespaces.use("other"), pytest.raises(crypto.DecryptionError):
        crypto.decrypt(sealed, "phones")


def test_hashes_differ_by_purpose_and_namespace():
    here = crypto.keyed_hash("13812345678", "phone")
    assert here == crypto.keyed_hash("13812345678", "phone")
    assert len(here) == 64
    assert here != crypto.keyed_hash("13812345678", "other")
    with namespaces.use("other"):
        assert here != crypto.keyed_hash("13812345678", "phone")


def test_text_may_be_empty_and_rare():
    assert crypto.encrypt_text("", "t") == b""
    assert crypto.decrypt_text(b"", "t") == ""
    assert crypto.decrypt_text(memoryview(crypto.encrypt_text("𠮷😀", "t")), "t") == "𠮷😀"


def test_a_second_master_key_encrypts_and_the_first_still_reads(tmp_path, settings):
    settings.KEYS = tmp_path
    old, found = crypto.encrypt(b"x", "t"), crypto.keyed_hash("x", "t")
    (tmp_path / "master-2.key").write_bytes(b"k" * 32)
    crypto._masters.cache_clear()
    new = crypto.encrypt(b"x", "t")
    assert (old[0], new[0]) == (1, 2)
    assert crypto.decrypt(old, "t") == crypto.decrypt(new, "t") == b"x"
    assert crypto.keyed_hash("x", "t") == found
    crypto._masters.cache_clear()


def test_processes_that_start_at_once_agree_on_the_first_key(tmp_path):
    found = []
    threads = [threading.Thread(target=lambda: found.append(crypto._load_masters(tmp_path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({masters[1] for masters in found}) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["master-1.key"]


def test_a_short_key_is_refused(tmp_path):
    (tmp_path / "master-1.key").write_bytes(b"")
    with pytest.raises(ValueError, match="too short"):
        crypto._load_masters(tmp_path)


def test_ids_are_sorted_by_time_and_unique(monkeypatch):
    found = {uuid7() for _ in range(1000)}
    assert len(found) == 1000
    assert all(u.version == 7 for u in found)
    monkeypatch.setattr("time.time_ns", lambda: 10**18)
    early = uuid7()
    monkeypatch.setattr("time.time_ns", lambda: 10**18 + 10**6)
    assert early < uuid7()


def test_tracking_codes_are_read_back_however_they_are_typed():
    code = tracking_code()
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else "－" for c in code)
    for typed in (code, code.lower(), code.replace("-", ""), code.replace("-", " "), f" {code}。", wide):
        assert normal_code(typed) == code
    assert not set("01OILAEU") & set(code)
