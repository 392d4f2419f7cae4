"""Writes the reference page of what is kept how long: ``docs/reference/retention.md``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from django.apps import apps

from linli.foundation.core.models import Personal
from linli.foundation.jobs.retention import BATCH, KEEPINGS, MOST_BATCHES, Keeping

_HEAD = """# What is kept how long

Generated from the declarations `personal` of the models and from what the rooms declare beside them; do not edit.

Once a day (job `jobs.retention`) whatever is over its days is deleted or blanked, at most {batch} rows in one
transaction and {most} rows of one kind in one run. The journal says how many rows of which kind went, and nothing of
what stood in them. A backup made before still holds them: a restored installation deletes them again on its first day.

"""


def personal_fields() -> Iterator[tuple[str, str, Personal]]:
    """Yield (model label, field, declaration) of every personal field of the installation."""
    for model in sorted(apps.get_models(), key=lambda m: m._meta.label):
        declared: dict[str, Personal] = model.__dict__.get("personal") or {}
        for name, what in declared.items():
            yield model._meta.label, name, what


def markdown() -> str:
    """Return the reference page."""
    parts = [_HEAD.format(batch=BATCH, most=f"{BATCH * MOST_BATCHES:,}"), "## Deleted or blanked after days\n\n"]
    parts.append("| kind | what | why | days | counted from | then |\n|---|---|---|---|---|---|\n")
    parts += [_row(k) for k in sorted(KEEPINGS.values(), key=lambda k: k.code)]
    parts.append("\n## Kept while the row lives\n\nNeeded by the record itself; nothing deletes them by time.\n\n")
    parts.append("| model | field | why | kept | seen by |\n|---|---|---|---|---|\n")
    for label, found in groupby((f for f in personal_fields() if f[2].keep_days is None), key=itemgetter(0)):
        parts += [f"| `{label}` | `{name}` | {p.why} | {p.kept} | {p.seen_by} |\n" for _label, name, p in found]
    return "".join(parts)


def _row(keeping: Keeping) -> str:
    declared: dict[str, Personal] = apps.get_model(keeping.model).__dict__["personal"]
    fields = ", ".join(f"`{name}`" for name in keeping.fields)
    what = f"`{keeping.model}` {fields}".strip() if keeping.fields else "—"
    why = "; ".join(dict.fromkeys(declared[name].why for name in keeping.fields)) or "—"
    return f"| `{keeping.code}` | {what} | {why} | {keeping.days} | {keeping.since} | {keeping.end} |\n"
