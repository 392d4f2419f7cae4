"""From an upload to something that may be stored, or to a clear reason why not. Nothing is written here."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.files import rules, sniffing
from linli.foundation.files.exceptions import FileRefusedError
from linli.foundation.files.packages import office_type
from linli.foundation.files.pictures import BadPictureError, Picture, make_shown
from linli.foundation.files.types import Content, FileType, Kind, Limits

_REASONS = {
    "program": (gettext_lazy("不接收可执行程序或脚本。"), gettext_lazy("请上传照片、录音、视频、PDF、docx 或 xlsx。")),
    "markup": (
        gettext_lazy("不接收网页、SVG 或 XML 文件，其中可能藏有程序。"),
        gettext_lazy("请改为截图（JPEG、PNG）或导出为 PDF 后上传。"),
    ),
    "old_office": (
        gettext_lazy("不接收旧版 Office 文件（doc、xls）。"),
        gettext_lazy("请另存为 docx 或 xlsx 后再上传。"),
    ),
    "archive": (gettext_lazy("不接收压缩包。"), gettext_lazy("请解压后逐个上传其中的文件。")),
    "macro": (gettext_lazy("文件中含有宏或程序，不予接收。"), gettext_lazy("请另存为不含宏的 docx、xlsx 或 PDF。")),
    "broken": (gettext_lazy("文件不完整或已损坏，无法打开。"), gettext_lazy("请检查原文件，重新发送一次。")),
    "bomb": (
        gettext_lazy("文件打开后过大，可能损害系统，不予接收。"),
        gettext_lazy("照片请用手机的普通模式重拍或缩小尺寸后再上传；表格请删去多余内容。"),
    ),
    "heic": (
        gettext_lazy("暂时不能识别 HEIC 照片。"),
        gettext_lazy("苹果手机请在“设置 → 相机 → 格式”中选“兼容性最佳”后重拍，或把照片截图后上传（JPEG、PNG 均可）。"),
    ),
    "unknown": (
        gettext_lazy("无法识别这个文件的格式。"),
        gettext_lazy("可以上传：照片（JPEG、PNG、WebP、GIF）、录音、视频（MP4、WebM）、PDF、docx、xlsx。"),
    ),
    "empty": (gettext_lazy("文件是空的。"), gettext_lazy("请重新选择文件再上传。")),
    "kind": (gettext_lazy("这里不接收这类文件。"), gettext_lazy("请按页面提示的类型上传。")),
}


@dataclass(frozen=True, slots=True)
class Accepted:
    """An upload that may be stored: its type, cleaned name, content in pieces and, for a photo, what is shown."""

    type: FileType
    name: str
    limit: int
    chunks: Iterator[bytes]
    picture: Picture | None


def refuse(reason: str) -> FileRefusedError:
    """Return the error for ``reason``."""
    message, hint = _REASONS[reason]
    return FileRefusedError(str(message), code=f"files.{reason}", hint=str(hint))


def too_large(limit: int) -> FileRefusedError:
    """Return the error for an upload of more than ``limit`` bytes."""
    message = _("文件超过 %(limit)s MB。") % {"limit": limit // (1024 * 1024)}
    return FileRefusedError(message, code="files.too_large", hint=_("请压缩或截短后再上传。"), limit=limit)


def _chunks(head: bytes, source: BinaryIO) -> Iterator[bytes]:
    yield head
    while chunk := source.read(256 * 1024):
        yield chunk


def _type_of(head: bytes, source: BinaryIO, name: str, limits: Limits, *, plain: bool) -> tuple[FileType, bytes | None]:
    """Return the type, and the whole content where it had to be read for that."""
    if sniffing.is_zip(head):
        content = _whole(head, source, limits.document)
        found = office_type(io.BytesIO(content), limits)
        if isinstance(found, str):
            raise refuse(found)
        return found, content
    found_type = sniffing.sniff(head, rules.extension_of(name))
    if found_type is None:
        reason = sniffing.refused_as(head)
        if plain and reason == "unknown" and sniffing.is_text(head):
            return sniffing.TXT, None
        raise refuse(reason)
    if found_type is sniffing.HEIC:
        raise refuse("heic")
    return found_type, None


def _whole(head: bytes, source: BinaryIO, limit: int) -> bytes:
    content = head + source.read(limit + 1 - len(head)) if len(head) <= limit else head
    if len(content) > limit:
        raise too_large(limit)
    return content


def _picture(content: bytes, found: FileType, limits: Limits) -> Picture:
    try:
        return make_shown(content, found, limits.pixels)
    except BadPictureError as error:
        raise refuse(str(error)) from error


def examine(content: Content, name: str, limits: Limits, only: Collection[Kind], *, plain: bool = False) -> Accepted:
    """Look at an upload and decide; the content decides what it is, not its name or declared type.

    ``plain`` lets plain text in, which is refused elsewhere.

    Raises:
        FileRefusedError: with the reason and what to do instead.
    """
    source = io.BytesIO(content) if isinstance(content, bytes) else content
    head = source.read(sniffing.HEAD)
    if not head:
        raise refuse("empty")
    found, whole = _type_of(head, source, name, limits, plain=plain)
    if only and found.kind not in only:
        raise refuse("kind")
    limit, picture = limits.of(found.kind), None
    if found.kind is Kind.PHOTO:
        whole = _whole(head, source, limit)
        picture = _picture(whole, found, limits)
    chunks = iter([whole]) if whole is not None else _chunks(head, source)
    return Accepted(found, rules.clean_name(name, found.extension), limit, chunks, picture)
