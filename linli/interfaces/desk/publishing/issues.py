"""Issues: the list, the form with the articles in order, the page, A4 and A3 on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, StaleError
from linli.foundation.core.ids import uuids_in
from linli.interfaces.desk.doors import actor_of, id_of, local
from linli.interfaces.desk.publishing import articles, pieces
from linli.interfaces.desk.publishing.doors import (
    first_unit,
    list_context,
    overseers,
    unit_choices,
)
from linli.interfaces.web import articles as drawing
from linli.interfaces.web.forms import DomainForm, day_field
from linli.programmes.publishing import permissions, selectors, services
from linli.programmes.publishing.rules import layout, markup
from linli.programmes.publishing.types import IssueData, Paper

if TYPE_CHECKING:
    from linli.foundation.core.actors import Actor
    from linli.programmes.publishing.models import Article, Issue


class IssueForm(DomainForm):
    """Masthead, number, day, paper."""

    title = forms.CharField(label=gettext_lazy("报头"), max_length=40)
    number = forms.IntegerField(label=gettext_lazy("期号"), min_value=1, max_value=99_999)
    day = day_field(gettext_lazy("日期"))
    paper = forms.ChoiceField(label=gettext_lazy("版式"), choices=Paper.choices, widget=forms.RadioSelect)
    publisher = forms.CharField(
        label=gettext_lazy("编印单位"), required=False, max_length=80, help_text=gettext_lazy("印在报头下面。")
    )
    unit = forms.TypedChoiceField(label=gettext_lazy("来源单位"), coerce=int)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        """Offer the units."""
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.choices = [("", _("请选择")), *unit_choices(actor)]


@require_GET
@overseers
def listing(request: HttpRequest) -> HttpResponse:
    """Show the issues."""
    return render(request, "desk/publishing/issues.html", list_context(request, "issue", "issues"))


def _chosen(request: HttpRequest) -> list[UUID]:
    """Return the articles that the form sent, in the order of their numbers."""
    numbered = []
    for name, value in request.POST.items():
        if name.startswith("place_") and str(value).strip():
            found = uuids_in([name.removeprefix("place_")])
            numbered += [(id_of(str(value).strip()) or 99, n, u) for n, u in enumerate(found)]
    return [u for _place, _n, u in sorted(numbered, key=lambda t: t[0])]


def _data(request: HttpRequest, cleaned: dict[str, Any]) -> IssueData:
    return IssueData(
        title=cleaned["title"],
        number=cleaned["number"],
        day=cleaned["day"],
        paper=cleaned["paper"],
        publisher=cleaned["publisher"],
        unit_id=cleaned["unit"],
        articles=tuple(_chosen(request)),
    )


def _context(
    request: HttpRequest, form: IssueForm, chosen: list[Article], issue: Issue | None, version: Any
) -> dict[str, Any]:
    actor = actor_of(request)
    known = {a.pk for a in chosen}
    rows = [{"article": a, "place": n} for n, a in enumerate(chosen, 1)]
    words = request.GET.get("q", "")[:40]
    rows += [{"article": a, "place": ""} for a in selectors.articles_to_print(actor, words) if a.pk not in known]
    return {
        "form": form,
        "issue": issue,
        "rows": rows,
        "version": version,
        "article_errors": form.errors.get("articles", []),
        "words": words,
        "nav_here": "publishing",
    }


@require_http_methods(["GET", "POST"])
@overseers
def new(request: HttpRequest) -> HttpResponse:
    """Put an issue together."""
    actor, now, status = actor_of(request), clock.now(), 200
    chosen: list[Article] = []
    if request.method == "POST":
        form, status = IssueForm(request.POST, actor=actor), 422
        chosen = selectors.articles_named(actor, _chosen(request))
        if form.is_valid():
            try:
                issue = services.begin_issue(by=actor, now=now, data=_data(request, form.cleaned_data))
            except DomainError as error:
                _take(form, error)
                status = error.status
            else:
                messages.success(request, _("已存为草稿，看过版面后送审。"))
                return pieces.redirect_to(issue)
    else:
        title = str(_("社区简报"))
        start = {
            "title": title,
            "number": services.next_number(title),
            "day": local(now).date(),
            "paper": Paper.A4,
            "unit": first_unit(actor),
        }
        form = IssueForm(initial=start, actor=actor)
    return render(request, "desk/publishing/issue_form.html", _context(request, form, chosen, None, 0), status=status)


def _take(form: IssueForm, error: DomainError) -> None:
    """Show an error; of the articles it stands above their list, which is no field of the form."""
    articles_wrong = error.fields.pop("articles", [])
    if articles_wrong:
        form.errors["articles"] = form.error_class(articles_wrong)
    if error.fields or not articles_wrong:
        form.take(error)


@require_http_methods(["GET", "POST"])
@overseers
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change an issue's draft."""
    actor, now, status = actor_of(request), clock.now(), 200
    issue = selectors.issue_for(actor, uuid)
    permissions.check(actor, "edit", issue)
    version: Any = issue.version
    chosen = selectors.articles_of(issue)
    if request.method == "POST":
        form, status, version = IssueForm(request.POST, actor=actor), 422, request.POST.get("version", "")
        chosen = selectors.articles_named(actor, _chosen(request))
        if form.is_valid():
            try:
                services.edit_issue(
                    by=actor, now=now, issue=issue, version=id_of(version) or 0, data=_data(request, form.cleaned_data)
                )
            except DomainError as error:
                _take(form, error)
                status = error.status
                if isinstance(error, StaleError):
                    version = selectors.issue_for(actor, uuid).version
            else:
                messages.success(request, _("已保存。"))
                return pieces.redirect_to(issue)
    else:
        names = ("title", "number", "day", "paper", "publisher")
        start = {**{n: getattr(issue, n) for n in names}, "unit": issue.unit_id}
        form = IssueForm(initial=start, actor=actor)
    context = _context(request, form, chosen, issue, version)
    return render(request, "desk/publishing/issue_form.html", context, status=status)


def page(request: HttpRequest, piece: Issue, error: DomainError | None = None) -> HttpResponse:
    """Show an issue: its articles in order and everything that may be done with it."""
    found = selectors.articles_of(piece)
    context = pieces.context(request, piece, error) | {
        "rows": found,
        "pages": len(_pages(piece, found)),
        "large": piece.paper == Paper.A3,
    }
    return render(request, "desk/publishing/issue.html", context, status=error.status if error else 200)


@require_GET
@overseers
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show an issue."""
    return page(request, selectors.issue_for(actor_of(request), uuid))


def _blocks(article: Article, uses: list[Any]) -> tuple[markup.Block, ...]:
    """Return an article's blocks with the pictures that the text does not name behind the first paragraph."""
    blocks = markup.parse(article.body)
    named = set(markup.pictures_in(blocks))
    known = {u.number for u in uses}
    kept = tuple(b for b in blocks if b.kind is not markup.BlockKind.PICTURE or b.picture in known)
    rest = tuple(markup.Block(markup.BlockKind.PICTURE, picture=u.number) for u in uses if u.number not in named)
    return (*kept[:1], *rest, *kept[1:])


def _pages(issue: Issue, found: list[Article], uses: dict[int, list[Any]] | None = None) -> list[layout.Sheet]:
    pictures = selectors.pictures_of_many(found) if uses is None else uses
    stories = [layout.Story(str(a.uuid), a.title, _blocks(a, pictures[a.pk])) for a in found]
    return layout.lay_out(stories)


def _sheets(issue: Issue, found: list[Article]) -> list[dict[str, Any]]:
    """Return the pages of a community page as the template draws them."""
    uses = selectors.pictures_of_many(found)
    by_key = {str(a.uuid): a for a in found}
    drawn: dict[str, dict[int, Any]] = {
        str(a.uuid): {
            u.number: drawing.picture(u, lambda f, s, m=u.media.uuid: articles.picture_address(f, s, media=m))  # type: ignore[misc]
            for u in uses[a.pk]
        }
        for a in found
    }
    sheets = []
    for sheet in _pages(issue, found, uses):
        rows = []
        for row in sheet.rows:
            parts = [
                {
                    "article": by_key[p.key],
                    "blocks": drawing.drawn(p.blocks, drawn[p.key], rest=False),
                    "from": p.from_page,
                    "to": p.to_page,
                    "columns": p.columns,
                    "lead": sheet.number == 1 and row is sheet.rows[0],
                }
                for p in row.parts
            ]
            rows.append({"parts": parts, "pair": len(parts) > 1})
        sheets.append({"number": sheet.number, "rows": rows})
    return sheets


@require_GET
@overseers
def paper(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show an issue for paper: an A4 bulletin, or the A3 community page (``size`` overrides)."""
    issue = selectors.issue_for(actor_of(request), uuid)
    found = selectors.articles_of(issue)
    large = request.GET.get("size", issue.paper) == Paper.A3
    context: dict[str, Any] = {"issue": issue, "back": pieces.redirect_to(issue).url, "large": large}
    if large:
        context["sheets"] = _sheets(issue, found)
        return render(request, "desk/publishing/print_page.html", context)
    context["stories"] = [{"article": a, "blocks": articles.drawn(a)} for a in found]
    return render(request, "desk/publishing/print_issue.html", context)
