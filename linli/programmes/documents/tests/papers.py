"""Small files, good and bad: PDF written by hand, one of them with a password; packages; every sort of bad file."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import docx
import numpy as np
from PIL import Image, ImageDraw, ImageFont

_PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def _file(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % p for p in places)
    start = len(out)
    size = len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    return out + b"trailer\n<< /Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF" % (size, trailer, start)


def paper(pages: Sequence[str]) -> bytes:
    """Return a PDF with one line of (Latin) text a page."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(pages), kids),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n, words in enumerate(pages):
        text = b"BT /F1 12 Tf 20 100 Td (%s) Tj ET" % words.encode("ascii")
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Resources << /Font << /F1 3 0 R >> >> "
            b"/Contents %d 0 R >>" % (5 + 2 * n),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        ]
    return _file(objects)


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def encrypted(password: bytes = b"secret", words: bytes = b"Inside the lock") -> bytes:
    """Return a PDF of one page that opens with ``password`` only (standard handler, revision 2: ISO 32000-1, 7.6.3)."""
    padded = (password + _PAD)[:32]
    owner = _rc4(hashlib.md5(padded, usedforsecurity=False).digest()[:5], padded)
    identity, rights = b"0123456789abcdef", -4
    seed = padded + owner + rights.to_bytes(4, "little", signed=True) + identity
    key = hashlib.md5(seed, usedforsecurity=False).digest()[:5]
    user = _rc4(key, _PAD)
    own = hashlib.md5(key + (5).to_bytes(3, "little") + bytes(2), usedforsecurity=False).digest()[:10]
    text = _rc4(own, b"BT /F1 12 Tf 20 100 Td (%s) Tj ET" % words)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Resources << /Font << /F1 3 0 R >> >> "
        b"/Contents 5 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Filter /Standard /V 1 /R 2 /P %d /O <%s> /U <%s> >>"
        % (rights, owner.hex().encode(), user.hex().encode()),
    ]
    name = identity.hex().encode()
    return _file(objects, b"/Encrypt 6 0 R /ID [<%s> <%s>] " % (name, name))


ADVERT = """阳光家装 春季大促
全场五折起，免费量房，限时抢购！
咨询电话：021-00000000 地址：某某路1号
诚招加盟商 火热招商中 欢迎选购
扫描二维码 关注公众号 立减500元
"""
ENGLISH = "The committee met on 5 May 2020 and asked all departments to finish the work by the end of June. " * 5
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf500f0003"
    "860180347d6ba80000000049454e44ae426082"
)


def package(parts: dict[str, bytes]) -> bytes:
    """Return a zip package with these parts: what a docx is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def word(*paragraphs: str, **more: bytes) -> bytes:
    """Return a real docx with these paragraphs; ``more`` are further parts of its package."""
    out = io.BytesIO()
    made = docx.Document()
    for words in paragraphs:
        made.add_paragraph(words)
    made.save(out)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as opened:
        for name, content in more.items():
            opened.writestr(name, content)
    return out.getvalue()


@dataclass(frozen=True)
class Bad:
    """A file that cannot be taken: its name, its content, and the words that say what is wrong and what to do."""

    name: str
    content: bytes
    wrong: str
    todo: str


def bad_papers() -> list[Bad]:
    """Return every sort of bad file that an import meets."""
    whole = word("一是加强巡查，由社区管理办公室负责。")
    sorts = "可以导入 txt、docx、pdf"
    return [
        Bad("广告.txt", ADVERT.encode(), "像是广告", "确实需要留存"),
        Bad("英文.txt", ENGLISH.encode(), "不是中文", "确实需要留存"),
        Bad("英文.docx", word(ENGLISH), "不是中文", "确实需要留存"),
        Bad("加密.pdf", encrypted(), "有密码", "另存为不加密的 PDF"),
        Bad("损坏.pdf", b"%PDF-1.7\nnothing more", "已损坏", "重新发送"),
        Bad("损坏.docx", package({"[Content_Types].xml": b"<Types", "word/document.xml": b"<no"}), "损坏", "另存为"),
        Bad("截断.docx", whole[: len(whole) // 2], "不完整或已损坏", "重新发送"),
        Bad("空.txt", b"", "这个文件是空的", "重新选择"),
        Bad("空白.txt", "　\n \n".encode(), "没有读到文字", "粘贴文字"),
        Bad("空文档.docx", word(""), "没有读到文字", "粘贴文字"),
        Bad("带宏.docx", word("一是加强巡查。", **{"word/vbaProject.bin": b"x"}), "宏", "另存为不含宏"),
        Bad("压缩炸弹.docx", word("一是。", **{"word/media/a.bin": b"0" * 40_000_000}), "打开后过大", "请"),
        Bad("其实是程序.txt", b"MZ\x90\x00", "可执行程序", sorts),
        Bad("其实是网页.docx", b"<html><body>\xe4\xb8\x80</body></html>", "网页", sorts),
        Bad("其实是图片.pdf", PICTURE, "不接收这类文件", sorts),
        Bad("老格式.doc", bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600), "旧版 Office", "另存为 docx"),
        Bad("乱码.txt", b"\xff\xff\xff\x80\x80", "无法识别", sorts),
    ]


def scanned(lines: Sequence[str], *, skew: float = 0.4, noise: float = 9.0) -> bytes:
    """Return a PDF whose one page is a picture of ``lines``, as a scanner gives it: a little askew, grey and grainy."""
    font = next(Path("/usr/share/fonts").rglob("NotoSerifCJK-Regular.ttc"))
    page = Image.new("L", (1240, 200 + 80 * len(lines)), 246)
    pen = ImageDraw.Draw(page)
    for n, words in enumerate(lines):
        pen.text((120, 90 + 80 * n), words, font=ImageFont.truetype(str(font), 34), fill=38)
    page = page.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=246)
    grain = np.random.default_rng(7).normal(0.0, noise, (page.height, page.width))
    page = Image.fromarray(np.clip(np.asarray(page, dtype=float) + grain, 0, 255).astype("uint8"))
    out = io.BytesIO()
    page.save(out, "PDF", resolution=150, quality=60)
    return out.getvalue()
