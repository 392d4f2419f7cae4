"""From an act's row to a Django form, and from the form to what the template draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO, cast

from django import forms
from django.core import signing
from django.http import HttpRequest

from linli.engines.cases import selectors
from linli.engines.cases.types import FilePurpose, FileRef
from linli.engines.judgement.selectors.replies import VERBS as REPLIES
from linli.foundation.core.coordinates import CoordinateSystem, Point, to_wgs84
from linli.foundation.files import services as files
from linli.interfaces.desk.cases.acts.fields import Asked, PointField, UploadField
from linli.interfaces.desk.cases.acts.table import Act

_SALT = "desk.acts.files"
_KINDS: list[tuple[type[forms.Widget], str]] = [
    (forms.Textarea, "textarea"),
    (forms.CheckboxSelectMultiple, "checkbox"),
    (forms.RadioSelect, "radio"),
    (forms.SelectMultiple, "multiple"),
    (forms.Select, "select"),
    (forms.DateInput, "date"),
    (forms.NumberInput, "number"),
]


def form_for(act: Act, asked: Asked, data: Mapping[str, Any] | None = None) -> forms.Form:
    """Return the form of ``act``, empty or holding what was sent."""
    form = forms.Form(data=data)
    for name, field in (act.more(asked) if act.more else {}).items():
        form.fields[name] = field
    for name, make in act.fields.items():
        form.fields[name] = make(asked)
    return form


def point_of(request: HttpRequest) -> Point | None:
    """Return the point that was picked, None where none was or it is no place on earth."""
    try:
        lat, lon = float(request.POST["point_lat"]), float(request.POST["point_lon"])
    except (KeyError, ValueError):
        return None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    system = CoordinateSystem.GCJ02 if request.POST.get("point_system") == "gcj02" else CoordinateSystem.WGS84
    return to_wgs84(lat, lon, system)


def kept_files(request: HttpRequest) -> list[tuple[int, str, str]]:
    """Return (id, purpose, name) of files that an earlier, refused sending already stored."""
    found = []
    for token in request.POST.getlist("kept")[:20]:
        try:
            file_id, purpose, name, user = signing.loads(token, salt=_SALT, max_age=86_400)
        except signing.BadSignature:
            continue
        if user == request.actor.user_id:  # type: ignore[attr-defined]
            found.append((file_id, purpose, name))
    return found


def store_files(request: HttpRequest, form: forms.Form, asked: Asked) -> list[tuple[int, str, str]]:
    """Store what was uploaded; return it with what is kept, as (id, purpose, name)."""
    found = kept_files(request)
    for name, field in form.fields.items():
        if isinstance(field, UploadField):
            for upload in request.FILES.getlist(name)[:9]:
                title = upload.name or name
                content = cast("BinaryIO", upload.file)
                row = files.store(
                    by=asked.actor, now=asked.now, content=content, name=title, purpose=field.purpose.value
                )
                found.append((row.pk, field.purpose.value, title))
    return found


def refs(kept: list[tuple[int, str, str]]) -> list[FileRef]:
    """Return stored files as the services take them."""
    return [FileRef(file_id, FilePurpose(purpose)) for file_id, purpose, _name in kept]


def tokens(request: HttpRequest, kept: list[tuple[int, str, str]]) -> list[dict[str, str]]:
    """Return stored files as hidden fields, so that a refused form does not lose them."""
    user = request.actor.user_id  # type: ignore[attr-defined]
    return [
        {"token": signing.dumps([i, p, n, user], salt=_SALT), "name": n, "purpose": str(FilePurpose(p).label)}
        for i, p, n in kept
    ]


def _kind(field: forms.Field) -> str:
    if isinstance(field, UploadField):
        return "file"
    if isinstance(field, PointField):
        return "point"
    return next((kind for widget, kind in _KINDS if isinstance(field.widget, widget)), "text")


def drawn(form: forms.Form, act: Act, asked: Asked) -> list[dict[str, Any]]:
    """Return the fields as the template draws them, with what was typed and what is wrong."""
    found = []
    writes = any(_kind(field) == "textarea" for field in form.fields.values())
    sentences = selectors.phrases_for(act.code, asked.case, asked.actor.user_id) if writes else []
    for bound in form:
        kind = _kind(bound.field)
        value = bound.value() if kind != "file" else ""
        options = [{"value": v, "label": label} for v, label in getattr(bound.field, "choices", [])]
        phrases = sentences if kind == "textarea" else []
        found.append(
            {
                "name": bound.name,
                "label": bound.label,
                "kind": kind,
                "value": "" if value is None else value,
                "options": options,
                "hint": bound.help_text,
                "required": bound.field.required,
                "errors": [str(e) for e in bound.errors],
                "phrases": phrases,
                "checked": bound.name == "text" and act.code in REPLIES,
                "search": kind in {"select", "multiple"} and len(options) > 12,
                "lat": asked.case.lat or "",
                "lon": asked.case.lon or "",
            }
        )
    return found


_FILES = ("files_after", "files_before", "files_paper", "files_check", "files_report")


def add_errors(form: forms.Form, fields: Mapping[str, list[str]]) -> list[str]:
    """Put a service's messages at their fields; return those that have none here."""
    rest: list[str] = []
    for name, words in fields.items():
        wanted = _FILES if name == "files" else (name,)
        target = next((n for n in wanted if n in form.fields), "")
        if target:
            form.add_error(target, words)
        else:
            rest += words
    return rest
