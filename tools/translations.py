"""The English catalogue: ``linli/locale/en/LC_MESSAGES/django.po``.

Chinese is the source language: the msgid is the Chinese text itself, so zh-Hans needs no
catalogue. Strings are found in Python (gettext and its kin) and in templates.

    python -m tools.translations            write the catalogue anew, keeping what is translated
    python -m tools.translations --check    fail if that would change it, or English is missing or wrong
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.pofile import read_po, write_po

from linli.interfaces.cli.catalogue import compile_catalogues

__all__ = ["compile_catalogues", "extract", "faults"]

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "linli"
CATALOGUE = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
_KEYWORDS: dict[str, Any] = {
    **{k: v for k, v in DEFAULT_KEYWORDS.items() if v is None or isinstance(v, tuple)},
    "gettext_noop": None,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "_p": ((1, "c"), 2),
}
_PLACEHOLDER = re.compile(r"%\((\w+)\)([sdif]|\.\d+f)|%[sd]|\{(\w*)\}")
_HAN = re.compile(r"[\u3400-\u9fff]")
_QUOTED = re.compile("“[^”]*”")  # what is typed in Chinese stands in quotation marks


_SKIPPED = {"tests", "migrations", "locale", "build"}


def _sources() -> Iterator[Path]:
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.glob("**/templates/**/*.*")]):
        relative = path.relative_to(PACKAGE).parts
        if path.suffix in {".py", ".html", ".txt"} and _SKIPPED.isdisjoint(relative):
            yield path


def _python_of(path: Path) -> str:
    """Return the Python to search: the file itself, or what Django makes of a template's translate tags."""
    text = path.read_text(encoding="utf8")
    if path.suffix == ".py":
        return text
    from django.utils.translation.template import templatize  # noqa: PLC0415  needs configured settings

    return str(templatize(text, origin=str(path)))


def extract() -> Catalog:
    """Return a catalogue of all that the product says, untranslated."""
    found = Catalog(locale="en", domain="django", fuzzy=False)
    for path in _sources():
        code = io.BytesIO(_python_of(path).encode())
        for _line, function, messages, _comments in extract_python(code, _KEYWORDS, [], {"encoding": "utf8"}):
            _add(found, str(function), list(messages) if isinstance(messages, tuple) else [messages])
    return found


def _add(catalogue: Catalog, function: str, given: list[Any]) -> None:
    spec = _KEYWORDS[function]
    context = given.pop(0) if spec and isinstance(spec[0], tuple) else None
    texts = [str(text) for text in given[: 2 if function.startswith("n") else 1] if text]
    if texts:
        message: Any = tuple(texts) if len(texts) == 2 else texts[0]
        catalogue.add(message, context=context, flags=_flags(texts[0]))


def _flags(text: str) -> set[str]:
    return {"python-format"} if "%(" in text or "%s" in text else set()


def _read() -> Catalog:
    if not CATALOGUE.exists():
        return Catalog(locale="en", domain="django", fuzzy=False)
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en", domain="django")


def _key(message: Message) -> tuple[str | None, str]:
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def merged() -> Catalog:
    """Return what is said now with the English that is there already; what is said no more is dropped."""
    known = {_key(m): m for m in _read() if m.id}
    fresh = extract()
    for message in fresh:
        old = known.get(_key(message)) if message.id else None
        if old and isinstance(old.string, tuple) == isinstance(message.id, tuple):
            message.string = old.string
    return fresh


def render(catalogue: Catalog) -> str:
    """Return the catalogue as a file: sorted, without places and dates, so that it changes only when words do."""
    out = io.BytesIO()
    write_po(out, catalogue, width=10_000, no_location=True, omit_header=True, sort_output=True)
    head = 'msgid ""\nmsgstr ""\n"Language: en\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    return f'{head}"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n{out.getvalue().decode().strip()}\n'


def _placeholders(text: str) -> Counter[str]:
    return Counter(m.group(0) for m in _PLACEHOLDER.finditer(text))


def faults(catalogue: Catalog) -> list[str]:
    """Return what is wrong with the English, one line each."""
    found = []
    for message in catalogue:
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        if not all(strings):
            found.append(f"no English: {ids[0]}")
            continue
        wanted = set(_placeholders(str(ids[-1])))
        found += [f"other placeholders: {ids[0]} → {s}" for s in strings if set(_placeholders(str(s))) != wanted]
        plain = (s for s in strings if "%" not in str(s))
        found += [f"Han characters in English: {s}" for s in plain if _HAN.search(_QUOTED.sub("", str(s)))]
    return found


def _configure() -> None:
    from django.conf import settings  # noqa: PLC0415  must not read the product's settings, which need a data folder

    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()


def main() -> int:
    """Write or check the catalogue."""
    parser = argparse.ArgumentParser(description="The English catalogue.")
    parser.add_argument("--check", action="store_true", help="change nothing; fail if something would change")
    options = parser.parse_args()
    _configure()
    catalogue = merged()
    text = render(catalogue)
    current = CATALOGUE.read_text(encoding="utf8") if CATALOGUE.exists() else ""
    missing = faults(catalogue)
    for line in missing[:200]:
        print(line, file=sys.stderr)
    print(f"{sum(1 for m in catalogue if m.id)} messages, {len(missing)} faults")
    if options.check:
        if text != current:
            print("The catalogue is not current: run `python -m tools.translations`.", file=sys.stderr)
        return int(bool(missing) or text != current)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_text(text, encoding="utf8")
    compile_catalogues()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
