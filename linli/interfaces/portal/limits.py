"""How often a visitor without a login may do what: by network address and by telephone, never by puzzles."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from linli.engines.cases.selectors.settings import number
from linli.foundation.accounts.exceptions import LockedError
from linli.foundation.accounts.services import throttle
from linli.foundation.core.crypto import keyed_hash
from linli.foundation.core.errors import InvalidError
from linli.interfaces.web.middleware import client_address

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REPORTS_AN_HOUR = 30
FILES_AN_HOUR = 120
CODES_AN_HOUR = 20
ANSWERS_AN_HOUR = 30
TRAP = "website"


def _told(message: str, error: LockedError) -> LockedError:
    return LockedError(
        message,
        code="portal.too_often",
        hint=_("急事请拨打页面下方的电话，我们会代您登记。"),
        wait=error.params.get("wait", 0),
    )


def check_trap(request: HttpRequest) -> None:
    """Raise if the field that people do not see was filled in.

    Raises:
        InvalidError: as a program would; a person whose browser did it is told what to do.
    """
    if request.POST.get(TRAP):
        raise InvalidError(
            _("提交没有成功：浏览器自动填写了一个应当留空的格子。"), code="portal.trap", hint=_("请再按一次“提交”。")
        )


def report(request: HttpRequest, phone: str, now: datetime) -> None:
    """Count one report from this address and this telephone.

    Raises:
        LockedError: too many.
    """
    uses = [throttle.Use(throttle.source_key(client_address(request), "portal-report"), REPORTS_AN_HOUR, HOUR)]
    digits = "".join(c for c in phone if c.isdigit())
    if digits:
        most = int(number("cases.report.per_contact_day", 20, now))
        key = "portal-phone:" + keyed_hash(digits[-11:], "cases.phone")[:60]
        uses.append(throttle.Use(key, most, DAY))
    try:
        throttle.tally_all(uses, now=now)
    except LockedError as error:
        raise _told(_("这段时间提交得太多了，请稍后再试。您填写的内容还在页面上。"), error) from error


def upload(request: HttpRequest, now: datetime) -> None:
    """Count one file from this address.

    Raises:
        LockedError: too many.
    """
    try:
        throttle.tally(
            throttle.source_key(client_address(request), "portal-file"), most=FILES_AN_HOUR, window=HOUR, now=now
        )
    except LockedError as error:
        raise _told(_("这段时间上传的文件太多了，请稍后再试。"), error) from error


def code(request: HttpRequest, now: datetime) -> None:
    """Count one typed tracking code from this address, right or wrong.

    Raises:
        LockedError: too many.
    """
    try:
        throttle.tally(
            throttle.source_key(client_address(request), "portal-code"), most=CODES_AN_HOUR, window=HOUR, now=now
        )
    except LockedError as error:
        raise _told(_("查询次数太多，请一小时后再试。"), error) from error


def answer(request: HttpRequest, now: datetime) -> None:
    """Count one anonymous answer from this address: a family shares one, a program does not stop at thirty.

    Raises:
        LockedError: too many.
    """
    _one_of_an_hour(request, now, "portal-answer", ANSWERS_AN_HOUR)


def takedown(request: HttpRequest, now: datetime) -> None:
    """Count one request to take something down from this address.

    Raises:
        LockedError: too many.
    """
    _one_of_an_hour(request, now, "portal-takedown", int(number("publishing.takedown_per_hour", 5, now)))


def _one_of_an_hour(request: HttpRequest, now: datetime, what: str, most: int) -> None:
    key = throttle.source_key(client_address(request), what)
    try:
        throttle.tally(key, most=most, window=HOUR, now=now)
    except LockedError as error:
        raise _told(_("这段时间提交得太多了，请稍后再试。您填写的内容还在页面上。"), error) from error


def content_of(upload: UploadedFile[Any]) -> BinaryIO:
    """Return the open file of an upload."""
    return cast("BinaryIO", upload.file)
