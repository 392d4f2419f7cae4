"""A record as people read it: question by question in words, with its pictures and those of the last time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors
from linli.engines.fieldwork.rules.finding import bare
from linli.engines.fieldwork.rules.tables import LANGUAGE, in_text
from linli.engines.fieldwork.selectors import boards
from linli.foundation.core.actors import Actor
from linli.foundation.forms.rules import Moment, answered, in_words, work_out
from linli.foundation.forms.types import UPLOADS, Group, WholeForm
from linli.interfaces.desk.doors import local

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Finding, Submission


@dataclass(slots=True)
class Line:
    """One answer.

    Attributes:
        was: what the corrected version said; None where it said the same.
        photos: as ``c-photos`` takes them.
        before: the same spot the last time, or None.
        marks: earned of full, in words; empty where it is not marked.
    """

    path: str
    label: str
    words: str = ""
    was: str | None = None
    personal: bool = False
    photos: list[dict[str, Any]] = field(default_factory=list)
    files: list[dict[str, str]] = field(default_factory=list)
    before: dict[str, Any] | None = None
    marks: str = ""
    wrong: bool = False


@dataclass(slots=True)
class Section:
    """The answers of one group."""

    title: str
    lines: list[Line] = field(default_factory=list)


def _heads(form: WholeForm) -> dict[str, str]:
    """Return path of a group, without instances → its label with those above it."""
    found: dict[str, str] = {}

    def walk(items: Iterable[Any], above: str, head: str) -> None:
        for item in items:
            if isinstance(item, Group):
                path = f"{above}/{item.code}" if above else item.code
                label = " / ".join(filter(None, (head, in_words(item.label, LANGUAGE))))
                found[path] = label
                walk(item.items, path, label)

    walk(form.items, "", "")
    return found


def _title(path: str, heads: Mapping[str, str]) -> str:
    group = path.rpartition("/")[0]
    number = group[group.rfind("[") + 1 : -1] if group.endswith("]") else ""
    title = heads.get(bare(group), "")
    return f"{title} {number}".strip()


def _photo(record: UUID, file: UUID, label: str, caption: str = "") -> dict[str, Any]:
    return {
        "url": reverse("desk:record_file", args=[record, file, "1600"]),
        "thumb": reverse("desk:record_file", args=[record, file, "320"]),
        "alt": label,
        "caption": caption,
    }


def _said(form: WholeForm, answers: Mapping[str, Any]) -> dict[str, str]:
    return {p: in_text(form, q, v, LANGUAGE) for p, q, v in answered(form, answers) if q.type not in UPLOADS}


def sections(actor: Actor, row: Submission, *, findings: Iterable[Finding] = ()) -> list[Section]:
    """Return a record's answers by group, as this reader may see them, with what the former version said."""
    form = selectors.form_of(row.form)
    answers = selectors.answers_of(actor, row)
    scored = work_out(form, answers, moment=Moment(local(row.made_at))).marks()
    wrong = {f.item for f in findings}
    was = _said(selectors.form_of(row.former.form), selectors.answers_of(actor, row.former)) if row.former else {}
    before, heads = boards.last_time(actor, row), _heads(form)
    stored = {str(f.file.uuid): f.file for f in row.files.select_related("file").all()}
    found: list[Section] = []
    for path, question, value in answered(form, answers):
        title = _title(path, heads)
        if not found or found[-1].title != title:
            found.append(Section(title))
        label = in_words(question.label, LANGUAGE) or question.code
        line = Line(path, label, personal=question.personal, wrong=path in wrong)
        if question.type in UPLOADS:
            _files(line, row, value, stored, before)
        else:
            line.words = in_text(form, question, value, LANGUAGE)
            if row.former is not None and was.get(path) != line.words:
                line.was = was.get(path, "")
        marks = scored.questions.get(path)
        if marks is not None and marks.full:
            line.marks = f"{marks.earned:f}/{marks.full:f}"
        found[-1].lines.append(line)
    return found


def _files(
    line: Line, row: Submission, value: Any, stored: Mapping[str, Any], before: Mapping[str, boards.Before]
) -> None:
    for uuid in value if isinstance(value, list) else [value]:
        file = stored.get(str(uuid))
        if file is None:
            continue
        if file.has_shown:
            line.photos.append(_photo(row.uuid, file.uuid, line.label, f"{local(row.made_at):%m-%d}"))
        else:
            url = reverse("desk:record_file", args=[row.uuid, file.uuid, "original"])
            line.files.append({"url": url, "name": file.name})
    same = before.get(bare(line.path))
    if same is not None and line.photos:
        caption = _("上次 %(day)s") % {"day": f"{local(same.at):%Y-%m-%d}"}
        line.before = _photo(same.record, same.file, _("上次同一处：%(what)s") % {"what": line.label}, caption)


def name_of(row: Submission) -> str:
    """Return what a record is about."""
    if row.target is not None:
        return row.target.name
    return row.round.title if row.round is not None else str(row.uuid)[-8:]


def finding_photos(finding: Finding) -> dict[str, list[dict[str, Any]]]:
    """Return the pictures of a finding as the record that found it shows them: before (or as seen) and after."""
    return pictures_of(finding.submission, finding.pictures)


def pictures_of(row: Submission, pictures: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the pictures of a record at the named answers: seen, before, after."""
    files = list(row.files.select_related("file").order_by("id"))
    found: dict[str, list[dict[str, Any]]] = {}
    words = {"seen": _("发现时"), "before": _("整改前"), "after": _("整改后")}
    for name, label in words.items():
        paths = pictures.get(name, ())
        found[name] = [_photo(row.uuid, f.file.uuid, label) for f in files if f.path in paths and f.file.has_shown]
    return found
