"""Taking a document in: from a file or pasted, once by its content; large and scanned ones page by page in a job."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ConflictError, InvalidError
from linli.foundation.core.text import clean
from linli.foundation.files import selectors as stored
from linli.foundation.files import services as files
from linli.foundation.files.exceptions import FileRefusedError
from linli.foundation.files.types import FileType
from linli.foundation.files.types import Kind as FileKind
from linli.foundation.jobs import services as jobs
from linli.foundation.journal import services as journal
from linli.foundation.people import selectors as people
from linli.foundation.rulebook import selectors as rulebook
from linli.programmes.documents import rules, selectors
from linli.programmes.documents.models import Document
from linli.programmes.documents.permissions import check_keep
from linli.programmes.documents.selectors.texts import seal, text_of
from linli.programmes.documents.services import readers
from linli.programmes.documents.services.laying import lay, move, take_text
from linli.programmes.documents.services.parting import take_parts
from linli.programmes.documents.types import Reading, Verdict
from linli.programmes.documents.workflow import DocumentKind, DocumentState

PURPOSE = "document"
JOB = "documents.read_pages"
AT_ONCE = 20  # pages of a pdf that are read while the person waits
CHUNK = 20
# Refusals of the room of files whose hints name photos, films and sheets: here other sorts are taken.
_SORTS = frozenset({"files.program", "files.markup", "files.unknown", "files.kind", "files.heic"})
_EXTENSION = re.compile(r"\.(txt|docx|pdf)$", re.IGNORECASE)


class AlreadyImportedError(ConflictError):
    """The same content was imported before; ``params['document']`` is that document."""

    code = "documents.again"


@dataclass(frozen=True, slots=True)
class NewDocument:
    """What is to be imported: a file or a pasted text, and what is known of it.

    Attributes:
        anyway: import it although it looks like an advert or is not in Chinese.
        previous: of a policy or plan, the document that this is the next version of.
    """

    kind: str = DocumentKind.PAGE
    content: bytes = b""
    name: str = ""
    text: str = ""
    title: str = ""
    number: str = ""
    source_unit_id: int | None = None
    published_on: date | None = None
    anyway: bool = False
    previous: Document | None = None


@dataclass(frozen=True, slots=True)
class _Source:
    raw: str
    pages: int = 1
    waits: bool = False


def _limit(code: str, now: datetime) -> int:
    return int(rulebook.value(f"documents.{code}", on=people.local_day(now)))


def import_document(*, by: Actor, now: datetime, new: NewDocument) -> Document:
    """Take a document in and read it; a long or scanned pdf is read by a job, the document then waits.

    Raises:
        ForbiddenError: not a keeper. AlreadyImportedError: the same content is there.
        InvalidError: nothing to read, of a sort or size that is not taken, or nothing that it could say.
    """
    check_keep(by)
    _check_fields(new, now)
    content = new.content or readers.plain(new.text).encode()
    sha256 = hashlib.sha256(content).hexdigest()
    _refuse_again(sha256)
    source = _open(new, now)
    reading = None if source.waits else _read(source.raw, new, now)
    try:
        with transaction.atomic():
            return _keep(new, source, reading, sha256, by=by, now=now)
    except IntegrityError:
        _refuse_again(sha256)
        raise


def _check_fields(new: NewDocument, now: datetime) -> None:
    errors = _too_long(new) | _bad_content(new)
    if new.kind not in DocumentKind.values:
        errors["kind"] = [_("请选择一种。")]
    if new.published_on is not None and new.published_on > people.local_day(now):
        errors["published_on"] = [_("日期不能晚于今天。")]
    if new.previous is not None and new.previous.kind != new.kind:
        errors["previous"] = [_("只能接在同一种文件之后。")]
    if errors:
        raise InvalidError(_("还有内容需要修改。"), code="documents.import", fields=errors)


def _too_long(new: NewDocument) -> dict[str, list[str]]:
    limits = (("title", 120), ("number", 60))
    return {n: [_("最多 %(most)s 个字。") % {"most": m}] for n, m in limits if len(clean(getattr(new, n))) > m}


def _bad_content(new: NewDocument) -> dict[str, list[str]]:
    pasted = bool(clean(new.text))
    if not new.content and new.name:
        return {"file": [_("这个文件是空的，没有内容。请检查原文件后重新选择。")]}
    if not new.content and not pasted:
        return {"file": [_("请选择文件，或粘贴文字。")]}
    return {"text": [_("文件和粘贴的文字只能选一种。")]} if new.content and pasted else {}


def _refuse_again(sha256: str) -> None:
    found = selectors.same_content(sha256)
    if found is not None:
        on = people.local_day(found.imported_at)
        message = _("该文件已于 %(on)s 导入，标题是“%(title)s”。") % {"on": on.isoformat(), "title": found.title}
        raise AlreadyImportedError(message, hint=_("不会导入两次。"), fields={"file": [message]}, document=found)


def _open(new: NewDocument, now: datetime) -> _Source:
    if not new.content:
        return _bounded(readers.plain(new.text), now)
    found = _type(new, now)
    if found.extension == "txt":
        return _bounded(readers.read_txt(new.content), now)
    if found.extension == "docx":
        return _bounded(readers.read_docx(new.content), now)
    if found.extension != "pdf":
        raise _other_sort(_("这里不接收这类文件。"), "documents.sort")
    return _open_pdf(new.content, now)


def _other_sort(message: str, code: str) -> FileRefusedError:
    hint = _("可以导入 txt、docx、pdf，或粘贴文字。")
    return FileRefusedError(message, code=code, hint=hint, fields={"file": [message + hint]})


def _type(new: NewDocument, now: datetime) -> FileType:
    """Return what sort of file it is; a refusal stands at the file and says what documents may be."""
    try:
        return files.check(content=new.content, name=new.name, now=now, only=[FileKind.DOCUMENT], plain=True)
    except FileRefusedError as error:
        if error.code in _SORTS:
            raise _other_sort(error.message, error.code) from error
        fields = {"file": [error.message + error.hint]}
        raise FileRefusedError(error.message, code=error.code, hint=error.hint, fields=fields) from error


def _bounded(raw: str, now: datetime) -> _Source:
    most = _limit("characters", now)
    if len(raw) > most:
        message = _("文字太长：%(count)s 字，最多 %(most)s 字。") % {"count": len(raw), "most": most}
        hint = _("请拆成几份导入。")
        raise InvalidError(message, code="documents.long", hint=hint, fields={"file": [message + hint]})
    return _Source(raw)


def _open_pdf(content: bytes, now: datetime) -> _Source:
    pdf, most = readers.open_pdf(content), _limit("pages", now)
    if pdf.pages > most:
        message = _("这个 PDF 有 %(count)s 页，最多 %(most)s 页。") % {"count": pdf.pages, "most": most}
        hint = _("请拆成几份导入。")
        raise InvalidError(message, code="documents.pages", hint=hint, fields={"file": [message + hint]})
    if pdf.pages > AT_ONCE:
        readers.sample(pdf)
        return _Source("", pdf.pages, waits=True)
    return _Source(_bounded(readers.PAGE_BREAK.join(pdf.text(0, pdf.pages)), now).raw, pdf.pages)


def _read(raw: str, new: NewDocument, now: datetime) -> Reading:
    reading = rules.read(raw, lexicon=selectors.lexicon(now))
    message = {
        Verdict.EMPTY: _("文件里没有读到文字。"),
        Verdict.NOT_CHINESE: _("这份文件不是中文，无法识读。"),
        Verdict.ADVERT: _("这一页像是广告，没有可以核对的内容。"),
    }.get(Verdict(reading.verdict))
    if message is None or (new.anyway and reading.verdict != Verdict.EMPTY):
        return reading
    again = "" if reading.verdict == Verdict.EMPTY else _("确实需要留存时，请勾选“仍然导入”。")
    hint = again or _("请检查文件，或粘贴文字。")
    field = "anyway" if again else "file"
    raise InvalidError(message, code=f"documents.{reading.verdict}", hint=hint, fields={field: [message + hint]})


def _keep(
    new: NewDocument, source: _Source, reading: Reading | None, sha256: str, *, by: Actor, now: datetime
) -> Document:
    kept = None
    if new.content:
        kept = files.store(
            by=by, now=now, content=new.content, name=new.name, purpose=PURPOSE, only=[FileKind.DOCUMENT], plain=True
        )
    if new.previous is not None:  # nobody cuts its parts anew while those of this version are laid beside them
        Document.objects.select_for_update().get(pk=new.previous.pk)
    unit = people.units([new.source_unit_id]).get(new.source_unit_id) if new.source_unit_id else None
    document = Document.objects.create(
        title=_title(new, reading),
        kind=new.kind,
        number=clean(new.number),
        source_unit=unit,
        source_name=_source_name(new, reading),
        published_on=new.published_on,
        file=kept,
        sha256=sha256,
        text_sealed=seal(source.raw),
        state=DocumentState.READING,
        pages=source.pages,
        version=new.previous.version + 1 if new.previous else 1,
        previous=new.previous,
        imported_at=now,
        imported_label=by.label[:80],
    )
    if reading is None:
        jobs.enqueue(name=JOB, payload={"document": document.pk}, now=now)
    else:
        move(document, "read", pages_read=source.pages)
        lay(document, reading)
        take_parts(document)
    journal.record(
        by=by,
        verb="documents.import",
        kind="document",
        uuid=document.uuid,
        label=document.title[:80],
        now=now,
        after={"kind": document.kind, "sha256": sha256, "pages": source.pages, "version": document.version},
    )
    return document


def _title(new: NewDocument, reading: Reading | None) -> str:
    named = next((a.title for a in reading.articles if a.title), "") if reading else ""
    first = next((line.strip() for line in reading.cleaned.text.splitlines() if line.strip()), "") if reading else ""
    file_name = _EXTENSION.sub("", re.split(r"[/\\]", new.name)[-1])
    return (clean(new.title) or clean(named) or clean(file_name) or clean(first) or _("未命名文件"))[:120]


def _source_name(new: NewDocument, reading: Reading | None) -> str:
    printed = next((a.source_unit for a in reading.articles if a.source_unit), "") if reading else ""
    return "" if new.source_unit_id else printed[:80]


def read_pages(document: Document, now: datetime) -> bool:
    """Read the next pages of a waiting pdf, and after the last what it says; return whether pages are left."""
    assert document.file is not None  # noqa: S101  only files wait
    try:
        pdf = readers.open_pdf(stored.open_original(document.file.uuid)[0])
        begun = document.pages_read
        end = min(document.pages, begun + CHUNK)
        raw = text_of(document).raw + "".join(
            readers.PAGE_BREAK * bool(begun + n) + t for n, t in enumerate(pdf.text(begun, end))
        )
        _bounded(raw, now)
    except InvalidError as error:
        fail(document, error)
        return False
    with transaction.atomic():
        same = Document.objects.filter(pk=document.pk, pages_read=begun, state=DocumentState.READING)
        if same.update(text_sealed=seal(raw), pages_read=end) != 1:
            return False  # another worker did
        document.refresh_from_db()
        if end < document.pages:
            return True
        take_text(document, raw, now)
        take_parts(document)
        _name(document)
    return False


def _name(document: Document) -> None:
    first: Any = document.articles.order_by("position").first()
    if first and not document.source_name and document.source_unit_id is None:
        Document.objects.filter(pk=document.pk).update(source_name=first.source_name)


def fail(document: Document, error: InvalidError) -> None:
    """Say why a waiting document cannot be read."""
    move(document, "fail", trouble=str(error)[:200])
