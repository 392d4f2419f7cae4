"""Acts on a page: each is a form behind a fold; a refusal keeps what was typed and says what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import DomainError
from linli.foundation.files import services as files
from linli.foundation.files.types import Kind
from linli.interfaces.desk.doors import actor_of, id_of
from linli.interfaces.web.forms import DomainForm


class ActForm(DomainForm):
    """A form of an act on ``row`` by ``by``; :meth:`offer` fills its choices."""

    def __init__(self, *args: Any, by: Actor | None = None, row: Any = None, **kwargs: Any) -> None:
        """Offer what can be chosen."""
        super().__init__(*args, **kwargs)
        self.by, self.row = by, row
        self.offer()

    def offer(self) -> None:
        """Fill the choices; nothing to choose by default."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a page.

    Attributes:
        run: does it with (by, now, row, cleaned data, version seen); may return what to say.
        when: whether the row's state and the person allow it, so that it is offered.
        danger: drawn apart, for what ends something.
    """

    code: str
    label: Any
    icon: str
    form: type[ActForm]
    run: Callable[..., Any]
    when: Callable[[Actor, Any], bool]
    hint: Any = ""
    danger: bool = False
    primary: bool = False


class Acts:
    """The acts of one page, for whoever asks; :meth:`post` does the one that was sent. ``purpose`` is of its files."""

    def __init__(self, request: HttpRequest, row: Any, table: Sequence[Act], *, purpose: str) -> None:
        """Look at ``row`` with the acts of ``table``; what is sent is stored for ``purpose``."""
        self.request, self.row, self.table, self.purpose = request, row, table, purpose
        self.by, self.status = actor_of(request), 200
        self.problem: DomainError | None = None
        self._sent: tuple[str, ActForm] | None = None

    def post(self, url: str) -> HttpResponse | None:
        """Do the act that was sent and lead to ``url``; None where the page has to be shown again.

        Raises:
            DomainError: what a form cannot mend: no right, nothing there.
        """
        act = next((a for a in self.table if a.code == self.request.POST.get("act")), None)
        if act is None:
            self.problem = DomainError(_("这个操作现在不能进行。"), hint=_("请刷新后查看。"))
            self.status = 422
            return None
        form = act.form(self.request.POST, self.request.FILES, by=self.by, row=self.row, prefix=None)
        self._sent, self.status = (act.code, form), 422
        if not form.is_valid():
            return None
        stored = self._store(form)
        if form.errors:
            return None
        try:
            said = act.run(self.by, clock.now(), self.row, form.cleaned_data, self._seen())
        except DomainError as error:
            self._unstore(stored)
            if error.status in {403, 404}:
                raise
            form.take(error)
            self.status = error.status
            return None
        messages.success(self.request, said if isinstance(said, str) else _("已保存。"))
        return HttpResponseRedirect(url)

    def _seen(self) -> int | None:
        return id_of(self.request.POST.get("version", ""))

    def _store(self, form: ActForm) -> list[Any]:
        """Keep the files of a form; what is refused is said at its field."""
        kept = []
        for name, field in form.fields.items():
            if not isinstance(field, forms.FileField):
                continue
            sent, form.cleaned_data[f"{name}_id"] = form.cleaned_data.get(name), None
            if sent is None:
                continue
            try:
                row = files.store(
                    by=self.by, now=clock.now(), content=cast("BinaryIO", sent.file), name=sent.name or "",
                    purpose=self.purpose, only=(Kind.PHOTO, Kind.DOCUMENT),
                )  # fmt: skip
            except DomainError as error:
                form.add_error(name, str(error))
                continue
            kept.append(row)
            form.cleaned_data[f"{name}_id"] = row.pk
        return kept

    def _unstore(self, rows: list[Any]) -> None:
        for row in rows:
            files.delete(by=self.by, now=clock.now(), uuid=row.uuid, reason=_("随表单退回。"))

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The acts that are offered, and the one that was refused, as the template draws them."""
        found = []
        for act in self.table:
            sent = self._sent is not None and self._sent[0] == act.code and self.status != 200
            if not sent and not act.when(self.by, self.row):
                continue
            form = self._sent[1] if sent and self._sent else act.form(by=self.by, row=self.row)
            found.append(
                {
                    "code": act.code,
                    "label": act.label,
                    "icon": act.icon,
                    "hint": act.hint,
                    "form": form,
                    "open": sent or (act.primary and not self._sent),
                    "danger": act.danger,
                    "primary": act.primary,
                    "version": getattr(self.row, "version", ""),
                    "multipart": form.is_multipart(),
                }
            )
        return found
