"""Words of an installation's own in place of those shipped; each change is journalled with before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import StaleError
from linli.foundation.core.text import clean
from linli.foundation.journal.services import record
from linli.foundation.messages import rules, templates
from linli.foundation.messages.exceptions import TemplateError
from linli.foundation.messages.models import TemplateText
from linli.foundation.messages.permissions import check_word

LONGEST = {"subject": 200, "short": 500, "body": 5_000}
_SAID: dict[str, Any] = {
    "missing": gettext_lazy("不能为空；清空某一处请用“恢复出厂文字”。"),
    "lines": gettext_lazy("只能写一行。"),
    "braces": gettext_lazy("花括号不成对，或括号里不是参数名；请写成 {title} 的样子。"),
    "unknown": gettext_lazy("没有这些参数：%(names)s。可用的参数列在下面。"),
    "personal": gettext_lazy("短信会经过别人的手，不能写 %(names)s。"),
    "dropped": gettext_lazy("标题和正文里都没有 %(names)s，收件人会看不到；确实不要，请勾选“仍然保存”。"),
}


def template_uuid(code: str) -> UUID:
    """Return the identifier under which the journal keeps a template."""
    return uuid5(NAMESPACE_URL, f"linli:message-template:{code}")


def said_of(fault: rules.Fault) -> str:
    """Return a fault in words, for whoever writes the template."""
    return str(_SAID[fault.code]) % {"names": "、".join(f"{{{n}}}" for n in fault.names)}


def would_be(code: str, language: str, texts: Mapping[str, str]) -> rules.Template:
    """Return the template as it would stand with ``texts`` (part → words; empty: the shipped ones)."""
    shipped, found = templates.shipped_template(code), templates.template(code)
    new = {
        (language, part): clean(text) or shipped.texts[language, part]
        for part, text in texts.items()
        if (language, part) in shipped.texts
    }
    return replace(found, texts={**found.texts, **new})


def faults_with(code: str, language: str, texts: Mapping[str, str]) -> list[rules.Fault]:
    """Return what would be wrong with the template in ``language`` with ``texts``."""
    return rules.faults(would_be(code, language, texts), language)


@whole
def set_words(
    *,
    by: Actor,
    now: datetime,
    code: str,
    language: str,
    texts: Mapping[str, str],
    reason: str = "",
    accept_dropped: bool = False,
    seen: Mapping[str, str] | None = None,
) -> int:
    """Put own words in place of the shipped ones of several parts at once; return how many parts changed.

    Args:
        texts: part (subject, body, short) → words; empty, or the shipped words: those of the programme are back.
        accept_dropped: whether a required parameter may be missing from subject and body.
        seen: the words in force that the person saw; None: not compared.

    Raises:
        TemplateError: no such template, language or part; or the words are wrong: ``fields`` says where.
        StaleError: somebody else changed them meanwhile.
    """
    check_word(by)
    shipped, in_force = templates.shipped_template(code), templates.template(code)
    if any((language, part) not in shipped.texts for part in texts):
        raise TemplateError(_("模板没有这种语言或这个部分。"))
    templates.forget_overrides()
    in_force = templates.template(code)
    if seen is not None and any(clean(seen.get(p, "")) != clean(in_force.texts[language, p]) for p in texts):
        raise StaleError(_("这个模板已被他人修改。"), hint=_("请核对现在的文字，再填写您的修改。"))
    _check(code, language, texts, accept_dropped=accept_dropped)
    changed = 0
    for part, typed in texts.items():
        text, original = clean(typed), shipped.texts[language, part]
        text = "" if text == original else text
        before = in_force.texts[language, part]
        if (text or original) == before:
            continue
        _put(code, language, part, text, now)
        changed += 1
        record(
            by=by,
            verb="messages.set_template",
            kind="message_template",
            uuid=template_uuid(code),
            label=f"{code} {language} {part}",
            now=now,
            before={"text": before},
            after={"text": text or original, "shipped": not text},
            reason=reason.strip()[:500],
        )
    templates.forget_overrides()
    return changed


def _put(code: str, language: str, part: str, text: str, now: datetime) -> None:
    if text:
        TemplateText.objects.update_or_create(
            code=code, language=language, part=part, defaults={"text": text, "changed_at": now}
        )
    else:
        TemplateText.objects.filter(code=code, language=language, part=part).delete()


def _check(code: str, language: str, texts: Mapping[str, str], *, accept_dropped: bool) -> None:
    fields: dict[str, list[str]] = {
        part: [_("最多 %(most)s 个字。") % {"most": LONGEST[part]}]
        for part, text in texts.items()
        if len(clean(text)) > LONGEST[part]
    }
    for fault in faults_with(code, language, texts):
        if fault.code == "dropped" and accept_dropped:
            continue
        name = "accept_dropped" if fault.code == "dropped" else fault.part
        fields.setdefault(name, []).append(said_of(fault))
    if fields:
        known = templates.shipped_template(code)
        names = "、".join(f"{{{n}}}" for n in sorted(known.required | known.optional))
        raise TemplateError(
            _("模板文字有误：只能使用这些参数，必填的不能少：%(known)s。") % {"known": names}, fields=fields
        )


def set_template(*, by: Actor, now: datetime, code: str, language: str, part: str, text: str, reason: str = "") -> None:
    """Put words of this installation's own in place of those shipped; empty text brings the shipped ones back.

    Raises:
        TemplateError: no such template, language or part, or the words name a parameter that the template has not.
    """
    set_words(by=by, now=now, code=code, language=language, texts={part: text}, reason=reason)


def reset_words(*, by: Actor, now: datetime, code: str, language: str, reason: str) -> int:
    """Bring the shipped words of a template back in one language; return how many parts changed."""
    texts = dict.fromkeys(rules.PARTS, "")
    return set_words(by=by, now=now, code=code, language=language, texts=texts, reason=reason, accept_dropped=True)
