"""The files of a packet: put into the answers by path, and held against who stored them and what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.engines.fieldwork.models import Submission, SubmissionFile
from linli.engines.fieldwork.rules.finding import bare
from linli.engines.fieldwork.rules.sending import put
from linli.engines.fieldwork.types import Packet
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import InvalidError
from linli.foundation.files import selectors as files
from linli.foundation.files.types import Kind
from linli.foundation.forms.rules import answered
from linli.foundation.forms.types import UPLOADS, Group, Question, QuestionType, WholeForm

PURPOSE = "fieldwork"
MOST = 2_000
_UUID = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_KINDS = {
    QuestionType.PHOTO: Kind.PHOTO, QuestionType.SIGNATURE: Kind.PHOTO, QuestionType.AUDIO: Kind.VOICE,
    QuestionType.VIDEO: Kind.VIDEO,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Uploads:
    """The files that a packet names.

    Attributes:
        prints: uuid as text → SHA-256 of what is in it, of those that are there.
        ids: uuid → row id.
        by_path: path of the question → uuids, once the answers were looked at.
    """

    prints: Mapping[str, str] = field(default_factory=dict)
    ids: Mapping[UUID, int] = field(default_factory=dict)
    kinds: Mapping[UUID, str] = field(default_factory=dict)
    by_path: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)

    def checked(
        self, by: Actor, now: datetime, form: WholeForm, answers: Mapping[str, Any], *,
        former: Submission | None,
    ) -> Uploads:  # fmt: skip
        """Return the uploads by path, each of them stored by this person, or with the record that is corrected.

        Raises:
            InvalidError: a file is not there, is somebody else's, is used elsewhere, or is no picture.
        """
        asked = [(path, q, _ids(v)) for path, q, v in answered(form, answers) if q.type in UPLOADS]
        wanted = {u for _p, _q, ids in asked for u in ids}
        own = self._own(by, now, wanted, former)
        faults: dict[str, list[str]] = {}
        for path, question, ids in asked:
            for uuid in ids:
                if message := self._fault(uuid, question, own):
                    faults.setdefault(path, []).append(message)
        if faults:
            raise InvalidError(
                _("有 %(count)s 处照片或文件需要重新上传。") % {"count": len(faults)}, code="fieldwork.files",
                hint=_("请在这几处重新选择照片后再提交，其他内容都保留着。"), fields=faults,
            )  # fmt: skip
        return replace(self, ids=own, by_path={path: ids for path, _q, ids in asked if ids})

    def _own(self, by: Actor, now: datetime, wanted: set[UUID], former: Submission | None) -> dict[UUID, int]:
        there = {u: self.ids[u] for u in wanted if u in self.ids}
        if by.is_system:
            return there
        kept: set[int] = set()
        if former is not None:
            kept = set(SubmissionFile.objects.filter(submission=former).values_list("file_id", flat=True))
        return files.own_uploads(by, wanted, now=now, purpose=PURPOSE) | {
            u: pk for u, pk in there.items() if pk in kept
        }

    def _fault(self, uuid: UUID, question: Question, own: Mapping[UUID, int]) -> str:
        if uuid not in self.ids:
            return _("照片或文件没有上传成功，请重新上传。")
        if uuid not in own:
            return _("这个文件不是您刚上传的，或已用在别处，请重新上传。")
        wanted = _KINDS.get(question.type)
        if wanted is not None and self.kinds[uuid] != wanted.value:
            return _("这里应是照片，上传的不是图片。") if wanted is Kind.PHOTO else _("上传的文件类型不对。")
        return ""


def _ids(value: Any) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(UUID(str(v)) for v in (value if isinstance(value, list) else [value])))


def _named(value: Any) -> Iterator[UUID]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _named(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _named(inner)
    elif isinstance(value, UUID):
        yield value
    elif isinstance(value, str) and _UUID.fullmatch(value):
        yield UUID(value)


def uploads_of(packet: Packet) -> Uploads:
    """Return what is known of the files that a packet names: one statement."""
    named = dict.fromkeys([*_named(packet.answers), *_named(list(packet.files.values()))])
    if len(named) > MOST:
        raise InvalidError(
            _("一份记录最多 %(most)s 个文件。") % {"most": MOST}, code="fieldwork.files", hint=_("请分成几份提交。")
        )
    rows = files.stored_many(list(named))
    there = {u: r for u, r in rows.items() if r.deleted_at is None}
    return Uploads(
        prints={str(u): r.sha256 for u, r in rows.items()},
        ids={u: r.pk for u, r in there.items()},
        kinds={u: r.kind for u, r in there.items()},
    )


def with_files(form: WholeForm, answers: Mapping[str, Any], by_path: Mapping[str, Sequence[UUID]]) -> dict[str, Any]:
    """Return the answers with the files put in at their paths.

    Raises:
        InvalidError: a path at which the form asks for no file.
    """
    asked = dict(_uploads(form.items, ""))
    found: dict[str, Any] = _copied(answers)
    for path, uuids in by_path.items():
        kind = asked.get(bare(path))
        if kind is None:
            message = _("表单在“%(path)s”处不收文件。") % {"path": path}
            raise InvalidError(
                message, code="fieldwork.files", hint=_("请更新表单后重新选择照片。"), fields={path: [message]}
            )
        ids = [str(u) for u in uuids]
        put(found, path.split("/"), ids if kind is QuestionType.PHOTO or len(ids) > 1 else "".join(ids))
    return found


def _uploads(items: tuple[Question | Group, ...], above: str) -> Iterator[tuple[str, QuestionType]]:
    for item in items:
        path = f"{above}/{item.code}" if above else item.code
        if isinstance(item, Group):
            yield from _uploads(item.items, path)
        elif item.type in UPLOADS:
            yield path, item.type


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _copied(v) for k, v in value.items()}
    return [_copied(v) for v in value] if isinstance(value, (list, tuple)) else value
