"""The words of messages: shipped as TOML, replaced here and there by rows of the installation's own."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from linli.foundation.core.kept import Kept
from linli.foundation.messages import rules
from linli.foundation.messages.exceptions import TemplateError
from linli.foundation.messages.models import TemplateText
from linli.foundation.messages.rules import LANGUAGES, PARTS, Template
from linli.foundation.messages.types import Rendered

SHIPPED = Path(__file__).parent / "shipped"
_overrides = Kept(5.0)


def read(source: str) -> dict[str, Template]:
    """Return the templates in the TOML text ``source``, checked.

    Raises:
        BadTemplateError: the first template that is wrong, and why.
    """
    data = tomllib.loads(source)
    common, personal = frozenset(data.pop("common", [])), frozenset(data.pop("personal", []))
    found = {
        f"{room}.{verb}": _one(f"{room}.{verb}", raw, common, personal)
        for room, verbs in data.items()
        for verb, raw in verbs.items()
    }
    for template in found.values():
        rules.check(template)
    return found


def _one(code: str, raw: dict[str, Any], common: frozenset[str], personal: frozenset[str]) -> Template:
    required = frozenset(raw.get("required", []))
    texts = {(lang, part): raw.get(lang, {}).get(part, "").strip() for lang in LANGUAGES for part in PARTS}
    for language in LANGUAGES:
        texts[language, "short"] = texts[language, "short"] or texts[language, "subject"]
    optional = (common | frozenset(raw.get("optional", []))) - required
    return Template(code, required, optional, bool(raw.get("urgent")), bool(raw.get("secret")), texts, personal)


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Template]:
    """Return every shipped template by its code."""
    found: dict[str, Template] = {}
    for path in sorted(SHIPPED.glob("*.toml")):
        found.update(read(path.read_text(encoding="utf8")))
    return found


def forget_overrides() -> None:
    """Let the next message read the installation's own words anew."""
    _overrides.forget()


def _own_words() -> dict[tuple[str, str, str], str]:
    """Return the installation's own words; read at most every few seconds, so another process lags no longer."""
    return _overrides.get(_read_own)


def _read_own() -> dict[tuple[str, str, str], str]:
    rows = TemplateText.objects.values_list("code", "language", "part", "text")
    return {(code, language, part): text for code, language, part, text in rows}


def shipped_template(code: str) -> Template:
    """Return the shipped template ``code``.

    Raises:
        TemplateError: there is none.
    """
    try:
        return shipped()[code]
    except KeyError as error:
        raise TemplateError(_("没有“%(code)s”这个消息模板。") % {"code": code}) from error


def template(code: str) -> Template:
    """Return the template in force here: the shipped one with the installation's own words."""
    found = shipped_template(code)
    own = {(lang, part): text for (c, lang, part), text in _own_words().items() if c == code}
    return replace(found, texts={**found.texts, **own}) if own else found


def check_params(code: str, params: Mapping[str, object]) -> Template:
    """Return the shipped template if ``params`` fit it.

    Raises:
        TemplateError: a required parameter is missing or empty, or one is not known.
    """
    found = shipped_template(code)
    missing, unknown = rules.wrong_params(found, params)
    if missing or unknown:
        message = _("消息模板“%(code)s”的参数不对：缺少 %(missing)s；多余 %(unknown)s。") % {
            "code": code,
            "missing": "、".join(missing) or "—",
            "unknown": "、".join(unknown) or "—",
        }
        raise TemplateError(message, missing=missing, unknown=unknown)
    return found


def own_words(code: str) -> dict[tuple[str, str], str]:
    """Return the installation's own words of one template by (language, part)."""
    return {(language, part): text for (c, language, part), text in _own_words().items() if c == code}


def own_codes() -> frozenset[str]:
    """Return the codes of the templates that have words of the installation's own."""
    return frozenset(code for code, _language, _part in _own_words())


@lru_cache(maxsize=1)
def _samples() -> dict[str, dict[str, str]]:
    data: dict[str, dict[str, str]] = tomllib.loads((SHIPPED.parent / "samples.toml").read_text(encoding="utf8"))
    return data


def samples(code: str, language: str) -> dict[str, str]:
    """Return made-up values of the parameters of ``code``, for a preview or a test."""
    found, known = shipped_template(code), _samples().get(language, {})
    return {name: known.get(name, name) for name in sorted(found.required | found.optional)}


def render(code: str, language: str, params: Mapping[str, str]) -> Rendered:
    """Return the message in words, in ``language`` (Chinese if there is no such translation)."""
    return render_words(template(code), language, params)


def render_words(found: Template, language: str, params: Mapping[str, str]) -> Rendered:
    """Return ``found``, which need not be in force, in words."""
    lang = language if language in LANGUAGES else LANGUAGES[0]
    subject = rules.one_line(rules.fill(found.texts[lang, "subject"], params))
    short = rules.one_line(rules.fill(found.texts[lang, "short"], params))
    return Rendered(subject, rules.fill(found.texts[lang, "body"], params), short)
