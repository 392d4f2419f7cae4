"""The four doors of OpenRosa: which forms, one form, what belongs to it, and records in."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors
from linli.engines.fieldwork.types import Receipt
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ConflictError, DomainError, NotFoundError
from linli.foundation.forms.services import ConversionError
from linli.interfaces.openrosa import answers
from linli.interfaces.openrosa.answers import text
from linli.interfaces.openrosa.carrying import FILE, Carried, carried, md5, targets_csv
from linli.interfaces.openrosa.door import let_in
from linli.interfaces.openrosa.submitting import RefusedError, take
from linli.interfaces.web.sending import stream

if TYPE_CHECKING:
    from linli.foundation.files.types import Served

log = logging.getLogger(__name__)
RECORD = "xml_submission_file"
MORE = "*isIncomplete*"


def _not_allowed(allowed: str) -> HttpResponse:
    answer = answers.message(_("这个地址不支持这种请求。"), 405)
    answer["Allow"] = allowed
    return answer


def _url(request: HttpRequest, name: str, *args: Any) -> str:
    return request.build_absolute_uri(reverse(f"openrosa:{name}", args=args))


@let_in
def form_list(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """List the rounds in which this person takes part, each as a form."""
    if request.method not in {"GET", "HEAD"}:
        return _not_allowed("GET, HEAD")
    wanted = request.GET.get("formID", "")
    found = []
    for round_ in selectors.carried_rounds(by, localtime(clock.now()).date()):
        try:
            made = carried(round_)
        except ConversionError as error:
            # One form that no client can read does not hide the others.
            log.warning("the form of round %s cannot be carried: %s", round_.uuid, error)
            continue
        if wanted in {"", made.form_id}:
            found.append(_listed(request, round_, made))
    return answers.xml(f'<xforms xmlns="http://openrosa.org/xforms/xformsList">{"".join(found)}</xforms>')


def _listed(request: HttpRequest, round_: Any, made: Carried) -> str:
    until = _("%(unit)s · 截止 %(day)s") % {"unit": round_.unit.name, "day": round_.ends_on.isoformat()}
    manifest = _url(request, "manifest", round_.uuid) if round_.kind is not None or made.media else ""
    return (
        f"<xform><formID>{made.form_id}</formID><name>{text(round_.title)}</name><version>{made.version}</version>"
        f"<hash>{made.hash}</hash><descriptionText>{text(until)}</descriptionText>"
        f"<downloadUrl>{text(_url(request, 'form', round_.uuid))}</downloadUrl>"
        + (f"<manifestUrl>{text(manifest)}</manifestUrl>" if manifest else "")
        + "</xform>"
    )


def _round(by: Actor, uuid: UUID) -> tuple[Any, Carried]:
    round_ = selectors.carried_round(by, uuid, localtime(clock.now()).date())
    try:
        return round_, carried(round_)
    except ConversionError as error:
        raise ConflictError(
            _("这张表单不能在这个应用里填写。"), code="openrosa.conversion", hint=_("请用本系统的走访页面填写。")
        ) from error


@let_in
def form(request: HttpRequest, uuid: UUID, *, by: Actor) -> HttpResponse:
    """Send one form as XForm."""
    if request.method not in {"GET", "HEAD"}:
        return _not_allowed("GET, HEAD")
    _found, made = _round(by, uuid)
    return answers.headed(HttpResponse(made.xml, content_type=answers.XML))


@let_in
def manifest(request: HttpRequest, uuid: UUID, *, by: Actor) -> HttpResponse:
    """Say what belongs to a form: the list of whom to visit, the pictures of its questions and choices."""
    if request.method not in {"GET", "HEAD"}:
        return _not_allowed("GET, HEAD")
    round_, made = _round(by, uuid)
    files = []
    if round_.kind is not None:
        content = targets_csv(by, round_, made.facts, localtime(clock.now()).date())
        files.append(_file(FILE, md5(content), _url(request, "targets", round_.uuid)))
    there = selectors.media_of(round_.form.code) if made.media else {}
    files += [
        _file(name, f"md5:{there[name].digest}", _url(request, "media", round_.uuid, name))
        for name in made.media
        if name in there
    ]
    return answers.xml(f'<manifest xmlns="http://openrosa.org/xforms/xformsManifest">{"".join(files)}</manifest>')


def _file(name: str, digest: str, address: str) -> str:
    return (
        f"<mediaFile><filename>{text(name)}</filename><hash>{digest}</hash>"
        f"<downloadUrl>{text(address)}</downloadUrl></mediaFile>"
    )


def _streamed(served: Served) -> HttpResponse:
    return cast("HttpResponse", stream(served, "private, no-store"))


@let_in
def media(request: HttpRequest, uuid: UUID, name: str, *, by: Actor) -> HttpResponse:
    """Send a picture, sound or film of a form to whoever may fill it."""
    if request.method not in {"GET", "HEAD"}:
        return _not_allowed("GET, HEAD")
    round_, made = _round(by, uuid)
    if name not in made.media:
        raise NotFoundError(_("表单没有这个文件。"), code="fieldwork.no_media")
    return answers.headed(_streamed(selectors.serve_media(round_.form.code, name)))


@let_in
def targets(request: HttpRequest, uuid: UUID, *, by: Actor) -> HttpResponse:
    """Send the list of whom to visit."""
    if request.method not in {"GET", "HEAD"}:
        return _not_allowed("GET, HEAD")
    round_, made = _round(by, uuid)
    content = targets_csv(by, round_, made.facts, localtime(clock.now()).date())
    return answers.headed(HttpResponse(content, content_type="text/csv; charset=utf-8"))


@let_in
def submission(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Take a record; asked with HEAD before, say where to and how much at once."""
    if request.method == "HEAD":
        answer = answers.headed(HttpResponse(status=204))
        answer["Location"] = _url(request, "submission")
        return answer
    if request.method != "POST":
        return _not_allowed("HEAD, POST")
    return _sent(request, by)


def _sent(request: HttpRequest, by: Actor) -> HttpResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > answers.MOST_BYTES:
        most = answers.MOST_BYTES // 1_000_000
        said = _("一次提交不能超过 %(most)s MB，请减少或缩小照片。") % {"most": most}
        return answers.message(said, 413, nature="submit_error")
    try:
        files, fields = request.FILES, request.POST
    except (MultiPartParserError, RequestDataTooBig, SuspiciousOperation, OSError):
        return answers.message(_("这次提交没有完整到达，请重新提交；记录仍保留在本机。"), 400, nature="submit_error")
    xml = files.get(RECORD)
    content = xml.read() if xml is not None else str(fields.get(RECORD, "")).encode()
    if not content:
        return answers.message(
            _("提交里没有记录（xml_submission_file）。请用 ODK Collect 或 Enketo 提交。"), 400, nature="submit_error"
        )
    try:
        receipt = take(
            by=by,
            now=clock.now(),
            xml=content,
            sent=_others(files),
            more=str(fields.get(MORE, "")).lower() in {"yes", "true"},
        )
    except RefusedError as refused:
        return answers.refusal(refused.error, refused.labels)
    except DomainError as error:
        return answers.refusal(error)
    if receipt is None:
        return answers.message(_("这一部分已收到，请继续发送其余附件。"), 202)
    return _received(request, receipt)


def _others(files: MultiValueDict[str, UploadedFile[Any]]) -> dict[str, UploadedFile[Any]]:
    """Return the files beside the record, by the name of their part and by their own."""
    found: dict[str, UploadedFile[Any]] = {}
    for key in files:
        for file in files.getlist(key) if key != RECORD else []:
            found[key] = found[str(file.name)] = file
    return found


def _received(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    said = [_("这份记录已经收到过，没有重复计入。") if receipt.seen_before else _("记录已收到。")]
    if receipt.findings and not receipt.seen_before:
        said.append(_("发现问题 %(count)s 个，已转办。") % {"count": receipt.findings})
    said += receipt.words
    answer = answers.message("".join(said), 201)
    answer["Location"] = _url(request, "submission")
    return answer
