"""Passwords for programs on one's own devices: ODK Collect, Enketo."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linli.foundation.accounts import selectors, services
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.interfaces.web.access import confirmed
from linli.interfaces.web.accounts.forms import DeviceForm
from linli.interfaces.web.accounts.login import show

SCOPE = "openrosa"


@confirmed
@never_cache
@require_http_methods(["GET", "POST"])
def devices_page(request: HttpRequest) -> HttpResponse:
    """Show one's passwords for programs; make one, which is shown this once."""
    by, user = request.actor, request.user_row  # type: ignore[attr-defined]
    form = DeviceForm(request.POST or None)
    secret, status = "", 0
    if request.method == "POST" and form.is_valid():
        try:
            _row, secret = services.create_app_password(
                by=by, now=clock.now(), user=user, name=form.cleaned_data["name"], scope=SCOPE
            )
        except DomainError as error:
            form.take(error)
            status = error.status
    rows = selectors.app_passwords_of(by=by, user_id=user.pk)
    extra = {"status": status} if status else {}
    server = request.build_absolute_uri("/openrosa").rstrip("/")
    return show(
        request, "devices", form if not secret else DeviceForm(), account=user, rows=rows, secret=secret,
        server=server, **extra,
    )  # fmt: skip


@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """Close one of one's passwords for programs."""
    by, user = request.actor, request.user_row  # type: ignore[attr-defined]
    try:
        services.revoke_app_password(by=by, now=clock.now(), user=user, handle=request.POST.get("handle", ""))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("应用密码已撤销，这台设备不能再取表和提交。"))
    return HttpResponseRedirect(reverse("web:app_passwords"))
