"""Real files, made by the libraries that make them."""

import io
import struct
import zipfile
import zlib

import openpyxl
from PIL import Image

from linli.foundation.files.types import Limits

CONTENT_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
SMALL = Limits(photo=300_000, voice=4096, video=3 * 1024 * 1024, document=100_000, unpacked=5_000_000)


def image(size=(640, 480)):
    picture = Image.new("RGB", size, (200, 30, 30))
    for x in range(0, size[0], 8):
        picture.putpixel((x, x % size[1]), (10, 200, 10))
    return picture


def encoded(fmt="JPEG", size=(640, 480), **options):
    target = io.BytesIO()
    image(size).save(target, fmt, **options)
    return target.getvalue()


def photo_with_gps(orientation=6):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretPhoneMaker"
    exif.get_ifd(0x8769)[0x9003] = "2026:03:05 14:20:11"
    exif.get_ifd(0x8769)[0x9011] = "+08:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 12.0, 36.0), 3: "E", 4: (121.0, 25.0, 12.0)})
    return encoded(
        exif=exif, comment=b"SecretComment", xmp=b"<x:xmpmeta>SecretXmp</x:xmpmeta>", icc_profile=b"SecretIcc" * 20
    )


def huge_png(width=10_000, height=10_000):
    """A header that claims 100 megapixels before a few bytes of data."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(4096))) + chunk(b"IEND", b"")
    )


def xlsx():
    book = openpyxl.Workbook()
    book.create_sheet("一")["A1"] = "处置清单"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def package(entries):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


def docx(extra=None):
    return package({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": "<w/>", **(extra or {})})


def pdf():
    target = io.BytesIO()
    image((100, 100)).save(target, "PDF")
    return target.getvalue()


MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x64" + bytes(600)
BARE_MP3 = b"\xff\xfb\x90\x64" + bytes(600)
WEBM_VOICE = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm" + bytes(40) + b"A_OPUS" + bytes(200)
WEBM_FILM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm" + bytes(40) + b"V_VP8" + b"A_OPUS" + bytes(200)
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(300)
M4A = b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00mp42isom" + bytes(300)
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(300)
AMR = b"#!AMR\n" + bytes(100)
OGG = b"OggS" + bytes(24) + b"OpusHead" + bytes(100)
