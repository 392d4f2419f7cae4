"""Where forms are used: rooms above say so, in words, for the list and the page of a form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors as fieldwork
from linli.foundation.core.actors import Actor

Found = Iterable[tuple[str, str]]
Provider = Callable[[Actor, Collection[str]], Found]
"""(who asks, codes) → (code, where it is used); one statement, however many codes."""
_PROVIDERS: list[Provider] = []


def enter(provider: Provider) -> None:
    """Let ``provider`` say where forms are used."""
    if provider not in _PROVIDERS:
        _PROVIDERS.append(provider)


def used(by: Actor, codes: Collection[str]) -> dict[str, list[str]]:
    """Return code → where it is used; codes that nobody uses are left out."""
    found: dict[str, list[str]] = defaultdict(list)
    for provider in _PROVIDERS if codes else ():
        for code, words in provider(by, codes):
            found[code].append(words)
    return dict(found)


def _rounds(_by: Actor, codes: Collection[str]) -> Found:
    for code, count in fieldwork.rounds_by_form(codes).items():
        yield code, _("%(count)s 个走访轮次") % {"count": count}


enter(_rounds)
