import io

import pytest

from linli.foundation.core import namespaces
from linli.foundation.core.crypto import DecryptionError
from linli.foundation.files import sealing
from linli.foundation.files.sealing import PIECE


def sealed(path, content, identity="a"):
    with path.open("wb") as target:
        sealing.write(target, iter([content[i : i + 70_000] for i in range(0, len(content), 70_000)]), identity)
    return path


@pytest.mark.parametrize("length", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 5])
def test_every_length_comes_back(tmp_path, length):
    content = bytes(i % 251 for i in range(1000)) * (length // 1000 + 1)
    path = sealed(tmp_path / "f", content[:length])
    assert b"".join(sealing.read(path, "a")) == content[:length]
    assert sealing.plain_length(path) == length


def broken(path, raw):
    path.write_bytes(raw)
    with pytest.raises(DecryptionError):
        list(sealing.read(path, "a"))


def test_a_change_a_cut_a_swap_and_a_stranger_are_noticed(tmp_path):
    path = sealed(tmp_path / "f", b"x" * (2 * PIECE + 10))
    raw = path.read_bytes()
    start = 6 + int.from_bytes(raw[4:6], "big")
    piece = PIECE + 16
    broken(path, raw[: start + 100] + bytes([raw[start + 100] ^ 1]) + raw[start + 101 :])
    broken(path, raw[: start + 2 * piece])  # cut at the edge of a piece
    broken(path, raw[:-1])
    broken(path, raw + b"more")
    broken(
        path,
        raw[:start] + raw[start + piece : start + 2 * piece] + raw[start : start + piece] + raw[start + 2 * piece :],
    )
    broken(path, raw[:start])
    broken(path, b"")
    path.write_bytes(raw)
    with pytest.raises(DecryptionError):
        list(sealing.read(path, "b"))
    with namespaces.use("other"), pytest.raises(DecryptionError):
        list(sealing.read(path, "a"))


def test_a_large_file_is_never_held_whole():
    held = 0

    class Sink(io.BytesIO):
        def write(self, data):
            nonlocal held
            held = max(held, len(data))
            return len(data)

    assert sealing.write(Sink(), (bytes(256 * 1024) for _ in range(80)), "a") == 80 * 256 * 1024
    assert held <= PIECE + 16
