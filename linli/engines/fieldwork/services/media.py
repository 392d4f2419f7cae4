"""Keeping the files that a form names."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from linli.engines.fieldwork.models.media import FormMedia
from linli.engines.fieldwork.selectors.media import media_of, serve_media
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import InvalidError
from linli.foundation.files import services as files
from linli.foundation.files.types import Content, Kind
from linli.foundation.forms import selectors as forms
from linli.foundation.forms.rules import media_names
from linli.foundation.journal import services as journal

_KINDS = {"image": Kind.PHOTO, "audio": Kind.VOICE, "video": Kind.VIDEO}
PURPOSE = "form"


def keep_media(*, by: Actor, now: datetime, code: str, name: str, content: Content, sent: str) -> FormMedia:
    """Keep a file under a name that the newest version of a form names; what was there before is replaced.

    Args:
        sent: how the file is called that was sent.

    Raises:
        InvalidError: the form names no such file.
        FileRefusedError: it is no file of that sort.
    """
    form = forms.form(code)
    wanted = media_names(forms.form_of(forms.versions_of(form.code)[0])).get(name)
    if wanted is None:
        words = _("表单里没有用到“%(name)s”。") % {"name": name[:80]}
        raise InvalidError(words, code="fieldwork.media_name", hint=_("请对照表格里 media 列的文件名。"))
    stored = files.store(by=by, now=now, content=content, name=sent or name, purpose=PURPOSE, only=(_KINDS[wanted],))
    with transaction.atomic():
        before = media_of(code).get(name)
        row, _new = FormMedia.objects.update_or_create(
            form=form, name=name[:200], defaults={"file": stored, "digest": "", "changed_at": now}
        )
        digest = hashlib.md5(usedforsecurity=False)
        for chunk in serve_media(code, name).chunks:
            digest.update(chunk)
        row.digest = digest.hexdigest()
        row.save(update_fields=["digest"])
        journal.record(
            by=by, verb="forms.media", kind="form", uuid=form.uuid, label=form.title, now=now,
            before={"name": name, "file": before.digest if before is not None else ""},
            after={"name": name, "file": row.digest},
        )  # fmt: skip
    return row
