"""What an article says: every rule asked, what was found placed on the raw page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linli.programmes.documents.rules.composing import Composed, compose
from linli.programmes.documents.rules.dates import find_dates
from linli.programmes.documents.rules.drafts import Draft
from linli.programmes.documents.rules.meetings import find_meetings
from linli.programmes.documents.rules.names import find_names
from linli.programmes.documents.rules.numbers import find_numbers
from linli.programmes.documents.rules.people import posts_of, roles_in
from linli.programmes.documents.rules.projects import find_agreements, find_claims, find_projects
from linli.programmes.documents.rules.requirements import find_requirements
from linli.programmes.documents.rules.voices import Voices
from linli.programmes.documents.types import Article, Block, BlockKind, Cleaned, Found, Kind, Lexicon, Span, Verdict

_ASIDE = (BlockKind.HEADLINE, BlockKind.KICKER, BlockKind.CAPTION)


def find_all(
    cleaned: Cleaned,
    blocks: Sequence[Block],
    articles: Sequence[Article],
    *,
    lexicon: Lexicon,
    year: int | None,
    verdict: str,
) -> tuple[Found, ...]:
    """Return all that the articles of a page say, by article and then by place."""
    found: list[Found] = []
    for index, article in enumerate(articles):
        composed = compose(cleaned, blocks, article.blocks)
        if not composed.text:
            continue
        drafts = _drafts(composed, article, lexicon, year, policy=verdict == Verdict.POLICY)
        found += _placed(cleaned, composed, drafts, index, len(found))
        span = Span(min(blocks[b].span.start for b in article.blocks), max(blocks[b].span.end for b in article.blocks))
        pieces = tuple(sorted(blocks[b].span for b in article.blocks))
        attributes = {
            "title": article.title,
            "source_unit": article.source_unit,
            "continued_from": article.continued_from,
        }
        found.append(
            Found(Kind.ARTICLE, span, article.title, article.confidence, "article.layout", attributes, index, pieces)
        )
    return tuple(found)


def _drafts(composed: Composed, article: Article, lexicon: Lexicon, year: int | None, *, policy: bool) -> list[Draft]:
    text = composed.text
    body_end = next((line.start for line in composed.lines if line.kind in _ASIDE), len(text))
    roles = roles_in(text)
    dates = list(find_dates(text, year))
    days = {i for d in dates for i in range(d.start, d.end)}
    numbers = [n for n in find_numbers(text) if n.start not in days]
    posts = list(posts_of(text, roles))
    holders = [(h.start, h.end + len(h.name)) for h in roles.holders]
    names = list(find_names(text, holders, lexicon))
    projects = find_projects(text)
    claims = list(find_claims(text, projects))
    others = [*dates, *numbers, *posts, *names, *projects, *claims, *find_agreements(text)]
    deadlines = sorted((d for d in dates if d.kind == Kind.DEADLINE), key=lambda d: d.start)
    role = "会议" if article.title.endswith("纪要") else ""
    requirements = find_requirements(composed, Voices(text, roles), deadlines, policy=policy, role=role)
    meetings = find_meetings(text, body_end, article.title, roles, others)
    found = [*others, *requirements, *meetings]
    people = roles.names()
    for draft in found:
        draft.attributes = {key: _nameless(value, people) for key, value in draft.attributes.items()}
    return sorted(found, key=lambda d: (d.start, -d.end, d.kind))


def _nameless(value: Any, people: Sequence[str]) -> Any:
    """Return an attribute without the personal names of the text."""
    if isinstance(value, list):
        return [_nameless(v, people) for v in value]
    if isinstance(value, str):
        for name in people:
            value = value.replace(name, "")
    return value


def _placed(cleaned: Cleaned, composed: Composed, drafts: list[Draft], article: int, first: int) -> list[Found]:
    """Return drafts as found things: raw stretches, and indices in place of other drafts."""
    kept = [(d, spans) for d in drafts if (spans := composed.spans(d.start, d.end, cleaned))]
    index = {id(d): first + i for i, (d, _) in enumerate(kept)}
    found = []
    for draft, spans in kept:
        attributes = {k: index.get(id(v)) if isinstance(v, Draft) else v for k, v in draft.attributes.items()}
        text = composed.text[draft.start : draft.end]
        pieces = spans if len(spans) > 1 else ()
        found.append(Found(draft.kind, spans[0], text, draft.confidence, draft.rule, attributes, article, pieces))
    return found
