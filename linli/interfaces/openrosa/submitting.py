"""A record that a client sends: read, its files kept by name, handed to the engine that the pages use too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.types import Packet, Receipt
from linli.foundation.accounts import selectors as accounts
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import DomainError, InvalidError, NotFoundError
from linli.foundation.forms.rules import BadInstanceError, in_words, read_instance
from linli.foundation.forms.types import Group, Question, WholeForm
from linli.interfaces.openrosa.carrying import END, SECOND, VISIT, readable, round_of

MOST_XML = 10 * 1024 * 1024
_NUMBER = re.compile(r"(\d{1,9})(-[0-9a-f]{6})?")


@dataclass(frozen=True, slots=True)
class Sent:
    """What a client sent, read: the record, the form that it fills, and the files that it speaks of."""

    packet: Packet
    form: WholeForm
    files: tuple[str, ...]

    @property
    def labels(self) -> dict[str, str]:
        """Path of a question → what it is called."""
        return _labels(self.form.items, "", self.form.settings.default_language)


class RefusedError(Exception):
    """The engine refused a record; ``labels`` name its questions."""

    def __init__(self, error: DomainError, labels: Mapping[str, str]) -> None:
        super().__init__(str(error))
        self.error, self.labels = error, labels


def _labels(items: tuple[Question | Group, ...], above: str, language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in items:
        path = f"{above}/{item.code}" if above else item.code
        found[path] = in_words(item.label, language)
        if isinstance(item, Group):
            found |= _labels(item.items, path, language)
    return found


def take(*, by: Actor, now: datetime, xml: bytes, sent: Mapping[str, UploadedFile[Any]], more: bool) -> Receipt | None:
    """Take a record in; None where some of its files are still to come.

    Args:
        xml: the filled form.
        sent: name → file, of this request.
        more: the client says that further requests follow for this record.

    Raises:
        DomainError: it cannot be read, or a file is none; nothing of the record was kept.
        RefusedError: the engine refused it.
    """
    read = _read(xml, {})
    record = read.packet.uuid
    for name in read.files:
        if name in sent:
            _keep(by, now, record, name, sent[name], read)
    kept = services.parts_of(by=by, record=record, names=read.files)
    missing = [name for name in read.files if name not in kept]
    if missing and more:
        return None
    if missing:
        raise InvalidError(
            _("还缺 %(count)s 个附件：%(names)s。") % {"count": len(missing), "names": "、".join(missing[:5])},
            code="openrosa.missing", hint=_("照片可能已从手机删除，请打开这份记录补拍后重新提交。"),
        )  # fmt: skip
    whole = _read(xml, {name: str(uuid) for name, uuid in kept.items()})
    try:
        return services.submit(by=by, now=now, packet=whole.packet)
    except DomainError as error:
        raise RefusedError(error, whole.labels) from error


def _keep(by: Actor, now: datetime, record: UUID, name: str, file: UploadedFile[Any], read: Sent) -> None:
    try:
        services.keep_part(by=by, now=now, record=record, name=name, content=cast("BinaryIO", file.file))
    except DomainError as error:
        raise InvalidError(
            _("附件“%(name)s”不能收：%(why)s") % {"name": name, "why": error.message},
            code=error.code, hint=error.hint or _("请打开这份记录换一张照片后重新提交。"),
        ) from error  # fmt: skip


def _read(xml: bytes, files: Mapping[str, str]) -> Sent:
    round_uuid, number = _about(xml)
    code, form = selectors.sent_form(round_uuid, number)
    try:
        instance = read_instance(readable(form, round_uuid), xml, files=files)
    except BadInstanceError as error:
        raise _unreadable(str(error)) from error
    answers = dict(instance.answers)
    visit, second, ended = (str(answers.pop(name, "")) for name in (VISIT, SECOND, END))
    packet = Packet(
        uuid=_uuid(instance.instance_id, "instanceID"), form=code, version=number, answers=answers,
        made_at=_moment(ended), visit=_uuid(visit, _("走访对象")) if visit else None, round=round_uuid,
        former=_uuid(instance.deprecated_id, "deprecatedID") if instance.deprecated_id else None,
        second=_second(second) if second else None,
    )  # fmt: skip
    return Sent(packet, form, tuple(dict.fromkeys(instance.files)))


def _about(xml: bytes) -> tuple[UUID, int]:
    """Return the round and the version that a filled form names.

    Raises:
        InvalidError: it is no XML, or cannot be read safely.
        NotFoundError: it belongs to no form of ours.
    """
    if len(xml) > MOST_XML:
        raise _unreadable("size")
    try:
        root = fromstring(xml, forbid_dtd=True)
    except (SyntaxError, DefusedXmlException, ValueError, LookupError) as error:
        raise _unreadable("xml") from error
    round_uuid = round_of(root.get("id", ""))
    if round_uuid is None:
        raise NotFoundError(
            _("这份记录的表单不是从本系统取得的。"), code="openrosa.form",
            hint=_("请在应用里重新取表后填写；本机的记录仍然保留。"),
        )  # fmt: skip
    number = _NUMBER.fullmatch(root.get("version", ""))
    if number is None:
        raise NotFoundError(
            _("这份记录没有写明表单的版本。"), code="fieldwork.no_version", hint=_("请在应用里更新表单后再填写。")
        )
    return round_uuid, int(number[1])


def _unreadable(why: str) -> InvalidError:
    words = {"size": _("记录太大，超过 10 MB。"), "form_id": _("记录与表单不符。")}
    return InvalidError(
        words.get(why, _("收到的记录不是可以读取的 XML，可能在传输中损坏，或编码不是 UTF-8。")),
        code=f"openrosa.{why}", hint=_("记录仍保留在本机，请重新提交；仍不行请更新应用。"),
    )  # fmt: skip


def _uuid(text: str, name: str) -> UUID:
    try:
        return UUID(text.strip().removeprefix("uuid:"))
    except ValueError as error:
        raise InvalidError(
            _("记录里的“%(name)s”缺失或无法识别。") % {"name": name}, code="openrosa.uuid",
            hint=_("请用清单里的表单重新填写。"),
        ) from error  # fmt: skip


def _moment(text: str) -> datetime:
    """Return when the client finished: its own clock; the same each time the record is sent."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidError(
            _("记录里没有填写完成的时间。"), code="openrosa.time", hint=_("请在应用里打开记录，再次点“完成”后提交。")
        ) from error
    return found if found.tzinfo is not None else found.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))


def _second(text: str) -> UUID:
    user = accounts.find_login(text)
    if user is None:
        message = _("没有账号“%(name)s”。") % {"name": text[:40]}
        raise InvalidError(message, code="fieldwork.second", hint=_("同行人须填另一位工作人员的登录账号。"))
    return user.uuid
