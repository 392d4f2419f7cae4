"""Putting issues together: number, day, masthead, the articles in order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import InvalidError
from linli.foundation.core.text import clean
from linli.programmes.publishing.models import Article, Issue, IssueItem
from linli.programmes.publishing.permissions import check, may_report, need
from linli.programmes.publishing.selectors.pieces import articles_of, articles_to_print
from linli.programmes.publishing.services import pieces
from linli.programmes.publishing.types import IssueData, Paper

MOST = 24


def _values(by: Actor, data: IssueData) -> dict[str, Any]:
    texts = {"title": clean(data.title), "publisher": clean(data.publisher)}
    faults = pieces.lengths({"title": (texts["title"], 40), "publisher": (texts["publisher"], 80)}, needed=("title",))
    if not 1 <= data.number <= 99_999:
        faults["number"] = [_("期号从 1 起。")]
    if data.paper not in Paper.values:
        faults["paper"] = [_("请选择一种。")]
    if not data.articles:
        faults["articles"] = [_("请至少选择一篇稿件。")]
    if len(data.articles) > MOST:
        faults["articles"] = [_("最多 %(most)s 篇。") % {"most": MOST}]
    unit_id = pieces.source_unit(by, data.unit_id, faults)
    pieces.refuse(faults)
    return {**texts, "number": data.number, "day": data.day, "paper": data.paper, "unit_id": unit_id}


def _articles(by: Actor, data: IssueData, kept: list[Article]) -> list[Article]:
    """Return the articles in order; those that were there may stay, new ones must be reviewed."""
    known = {a.uuid: a for a in (*articles_to_print(by, limit=500), *kept)}
    if set(data.articles) - set(known):
        raise InvalidError(
            _("还有内容需要修改。"),
            code="publishing.issue",
            fields={"articles": [_("只能选审核通过或已发布的稿件。")]},
        )
    return [known[u] for u in dict.fromkeys(data.articles)]


def _set(issue: Issue, articles: list[Article]) -> None:
    issue.items.all().delete()
    IssueItem.objects.bulk_create(IssueItem(issue=issue, article=a, order=n) for n, a in enumerate(articles, 1))


def _kept(issue: Issue, articles: list[Article]) -> dict[str, Any]:
    names = ("title", "number", "paper", "publisher", "unit_id")
    return {
        **{n: getattr(issue, n) for n in names},
        "day": issue.day.isoformat(),
        "articles": [{"uuid": str(a.uuid), "title": a.title, "version": a.version} for a in articles],
    }


def _taken(error: IntegrityError) -> InvalidError:
    del error
    return InvalidError(
        _("这个期号已经有了。"), code="publishing.issue", fields={"number": [_("这个期号已经有了，请用下一个。")]}
    )


@whole
def begin_issue(*, by: Actor, now: datetime, data: IssueData) -> Issue:
    """Begin an issue.

    Raises:
        ForbiddenError: issues are put together by the subdistrict. InvalidError: with what is wrong by field.
    """
    need(may_report(by), _("期次由街道编排。"))
    values = _values(by, data)
    articles = _articles(by, data, [])
    try:
        with transaction.atomic():
            issue = Issue.objects.create(**values, **pieces.author(by), created_at=now, changed_at=now)
    except IntegrityError as error:
        raise _taken(error) from error
    _set(issue, articles)
    pieces.remember(issue, by=by, now=now, verb="begin", data=_kept(issue, articles))
    pieces.note(issue, "begin", by=by, now=now, after={"number": issue.number, "articles": len(articles)})
    return issue


@whole
def edit_issue(*, by: Actor, now: datetime, issue: Issue, version: int, data: IssueData) -> Issue:
    """Change an issue's draft as it stood at ``version``.

    Raises:
        StaleError: somebody else changed it meanwhile. Others as :func:`begin_issue`.
    """
    check(by, "edit", issue)
    values = _values(by, data)
    articles = _articles(by, data, articles_of(issue))
    before = {"number": issue.number}
    try:
        with transaction.atomic():
            pieces.change(issue, version=version, now=now, hands=pieces.hands_with(issue, by), **values)
    except IntegrityError as error:
        raise _taken(error) from error
    _set(issue, articles)
    pieces.remember(issue, by=by, now=now, verb="edit", data=_kept(issue, articles))
    after = {"number": issue.number, "articles": len(articles)}
    pieces.note(issue, "edit", by=by, now=now, before=before, after=after)
    return issue


def next_number(title: str) -> int:
    """Return the number after the last one of a series."""
    last = Issue.objects.filter(title=title).exclude(state="dropped").order_by("-number").first()
    return last.number + 1 if last else 1
