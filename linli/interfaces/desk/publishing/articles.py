"""Articles: the list, beginning one from a finished thing, the form, the page, what goes to WeChat and on paper."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.projects.types import Strand
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, StaleError
from linli.foundation.files import selectors as files
from linli.interfaces.desk.doors import actor_of, id_of
from linli.interfaces.desk.publishing import pieces
from linli.interfaces.desk.publishing.doors import (
    area_choices,
    first_unit,
    link_rows,
    links_sent,
    list_context,
    unit_choices,
    writers,
)
from linli.interfaces.web import articles as drawing
from linli.interfaces.web.forms import DomainForm, text_field
from linli.programmes.publishing import events, permissions, selectors, services
from linli.programmes.publishing.rules import markup
from linli.programmes.publishing.services.articles import BODY, MOST_PICTURES
from linli.programmes.publishing.types import ArticleData, Link

if TYPE_CHECKING:
    from linli.foundation.core.actors import Actor
    from linli.programmes.publishing.models import Article


class ArticleForm(DomainForm):
    """Headline, text, by-line, where it comes from."""

    kicker = forms.CharField(
        label=gettext_lazy("引题"), required=False, max_length=60, help_text=gettext_lazy("标题上面的一行，可不填。")
    )
    title = forms.CharField(label=gettext_lazy("标题"), max_length=80)
    body = text_field(
        gettext_lazy("正文"),
        longest=BODY,
        rows=18,
        help_text=gettext_lazy("空一行分段；## 小标题；- 列表；> 引文；**重点**；[图1] 单独一行放第一张图。"),
    )
    unit = forms.TypedChoiceField(label=gettext_lazy("来源单位"), coerce=int)
    reporter = forms.CharField(label=gettext_lazy("记者／通讯员"), required=False, max_length=60)
    editor = forms.CharField(label=gettext_lazy("编辑"), required=False, max_length=40)
    photographer = forms.CharField(label=gettext_lazy("图片"), required=False, max_length=60)
    topic = forms.CharField(label=gettext_lazy("专题"), required=False, max_length=40)
    area = forms.TypedChoiceField(label=gettext_lazy("居民区"), coerce=int, empty_value=None, required=False)
    strands = forms.MultipleChoiceField(
        label=gettext_lazy("三化"),
        choices=Strand.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("年度报告按三化归类。"),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        """Offer the units that ``actor`` may write for, and the neighbourhoods."""
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.choices = [("", _("请选择")), *unit_choices(actor)]
        area: Any = self.fields["area"]
        area.choices = [("", _("不限")), *area_choices()]

    @property
    def parts(self) -> dict[str, list[dict[str, Any]]]:
        """The fields in the form's three parts."""
        every = {f["name"]: f for f in self.drawn}
        text = ("kicker", "title", "body")
        return {
            "text": [every[n] for n in text],
            "source": [every[n] for n in ("unit", "reporter", "editor", "photographer", "topic", "area", "strands")],
        }


@require_GET
@writers
def listing(request: HttpRequest) -> HttpResponse:
    """Show the articles."""
    return render(request, "desk/publishing/articles.html", list_context(request, "article", "articles"))


@require_GET
@writers
def begun_from(request: HttpRequest) -> HttpResponse:
    """Offer finished things to begin an article from, or to link to one (``to``)."""
    actor, now = actor_of(request), clock.now()
    sources = events.sources()
    chosen = next((s for s in sources if s.kind == request.GET.get("kind")), sources[0])
    words, to = request.GET.get("q", "")[:60], request.GET.get("to", "")[:40]
    facts = [
        {
            "fact": fact,
            "url": f"{_begin_url(to)}?{urlencode({'from': fact.kind, 'ref': fact.ref})}",
        }
        for fact in chosen.find(actor, words, now)
    ]
    context = {
        "facts": facts,
        "kinds": [
            {
                "label": s.name,
                "url": f"?{urlencode({'kind': s.kind, 'to': to})}",
                "current": s is chosen,
                "count": None,
            }
            for s in sources
        ],
        "kind": chosen.kind,
        "kind_name": chosen.name,
        "words": words,
        "to": to,
        "back": _begin_url(to),
        "nav_here": "publishing",
    }
    return render(request, "desk/publishing/from.html", context)


def _begin_url(to: str) -> str:
    try:
        return reverse("desk:publishing_article_edit", args=[UUID(to)])
    except ValueError:
        return reverse("desk:publishing_new")


def _fact(request: HttpRequest) -> Any:
    """Return the finished thing that the address names, None without."""
    kind, ref = request.GET.get("from", ""), request.GET.get("ref", "")[:60]
    source = events.source(kind)
    return source.get(actor_of(request), ref, clock.now()) if source and ref else None


def _chosen(request: HttpRequest) -> list[tuple[int, str]]:
    """Return the pictures that the form sent, in the order of their numbers."""
    numbered = []
    for name, value in request.POST.items():
        media = id_of(name.removeprefix("place_")) if name.startswith("place_") else None
        if media is not None and str(value).strip():
            place = id_of(str(value).strip())
            numbered.append((place if place else 99, media, request.POST.get(f"caption_{media}", "")))
    return [(media, caption) for _place, media, caption in sorted(numbered)]


def _data(request: HttpRequest, cleaned: dict[str, Any]) -> ArticleData:
    return ArticleData(
        title=cleaned["title"],
        kicker=cleaned["kicker"],
        body=cleaned["body"],
        unit_id=cleaned["unit"],
        reporter=cleaned["reporter"],
        editor=cleaned["editor"],
        photographer=cleaned["photographer"],
        strands=tuple(cleaned["strands"]),
        topic=cleaned["topic"],
        area_id=cleaned["area"],
        links=links_sent(request.POST),
        media=tuple(_chosen(request)),
    )


def _initial(data: ArticleData, actor: Actor) -> dict[str, Any]:
    units = {pk for pk, _name in unit_choices(actor)}
    return {
        "kicker": data.kicker,
        "title": data.title,
        "body": data.body,
        "unit": data.unit_id if data.unit_id in units else first_unit(actor),
        "reporter": data.reporter,
        "editor": data.editor,
        "photographer": data.photographer,
        "topic": data.topic,
        "area": data.area_id,
        "strands": list(data.strands),
    }


def _library(chosen: list[tuple[int, str]], words: str) -> list[dict[str, Any]]:
    """Return the pictures to choose from: those chosen first, then the newest of the library."""
    found = selectors.media_by_ids([pk for pk, _c in chosen])
    rows: list[tuple[Any, Any, str]] = [
        (found[pk], n, caption) for n, (pk, caption) in enumerate(chosen, 1) if pk in found
    ]
    rows += [(m, "", "") for m in selectors.pictures_to_choose(text=words) if m.pk not in found]
    return [
        {
            "media": m,
            "place": place,
            "caption": caption,
            "thumb": reverse("desk:publishing_media_file", args=[m.uuid, 320]) if m.file_id else "",
        }
        for m, place, caption in rows
    ]


def _form_context(
    request: HttpRequest,
    form: ArticleForm,
    links: Any,
    chosen: list[tuple[int, str]],
    article: Article | None,
    newer: Article | None = None,
) -> dict[str, Any]:
    return {
        "form": form,
        "article": article,
        "links": link_rows(links),
        "library": _library(chosen, request.GET.get("media", "")[:40]),
        "most": MOST_PICTURES,
        "version": newer.version if newer else article.version if article else 0,
        "newer": newer,
        "newer_by": selectors.versions(newer)[0].by_label if newer else "",
        "from_url": reverse("desk:publishing_from") + (f"?to={article.uuid}" if article else ""),
        "picture_errors": form.refused.fields.get("pictures", []) if form.refused else [],
        "link_errors": form.refused.fields.get("links", []) if form.refused else [],
        "nav_here": "publishing",
    }


@require_http_methods(["GET", "POST"])
@writers
def new(request: HttpRequest) -> HttpResponse:
    """Begin an article, from nothing or from a finished thing."""
    actor, now, status = actor_of(request), clock.now(), 200
    if request.method == "POST":
        form = ArticleForm(request.POST, actor=actor)
        status = form.attempt(lambda: services.begin_article(by=actor, now=now, data=_data(request, form.cleaned_data)))
        if not status:
            messages.success(request, _("已存为草稿，检查后送审。"))
            return pieces.redirect_to(form.made)
        context = _form_context(request, form, links_sent(request.POST), _chosen(request), None)
        return render(request, "desk/publishing/article_form.html", context, status=status)
    fact = _fact(request)
    data = services.begun_from(fact) if fact else ArticleData(title="")
    links = [services.link_to(fact)] if fact else []
    form = ArticleForm(initial=_initial(data, actor), actor=actor)
    context = _form_context(request, form, links, [], None) | {"fact": fact}
    return render(request, "desk/publishing/article_form.html", context)


@require_http_methods(["GET", "POST"])
@writers
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a draft; of two at once the second is told, with both texts on the page."""
    actor = actor_of(request)
    article = selectors.article_for(actor, uuid)
    permissions.check(actor, "edit", article)
    if request.method == "POST":
        return _save(request, article)
    links = [Link.from_json(raw) for raw in article.links]
    fact = _fact(request)
    if fact and not any((link.kind, link.ref) == (fact.kind, fact.ref) for link in links):
        links.append(services.link_to(fact))
    chosen = [(u.media_id, u.caption) for u in selectors.pictures_of(article)]
    form = ArticleForm(initial=_initial(_kept(article), actor), actor=actor)
    return render(request, "desk/publishing/article_form.html", _form_context(request, form, links, chosen, article))


def _kept(a: Article) -> ArticleData:
    return ArticleData(
        title=a.title, kicker=a.kicker, body=a.body, unit_id=a.unit_id, reporter=a.reporter, editor=a.editor,
        photographer=a.photographer, strands=tuple(a.strand_codes), topic=a.topic, area_id=a.area_id,
    )  # fmt: skip


def _save(request: HttpRequest, article: Article) -> HttpResponse:
    actor, newer = actor_of(request), None
    form, sent = ArticleForm(request.POST, actor=actor), request.POST.get("version", "")
    status = form.attempt(
        lambda: services.edit_article(
            by=actor,
            now=clock.now(),
            article=article,
            version=id_of(sent) or 0,
            data=_data(request, form.cleaned_data),
        )
    )
    if not status:
        messages.success(request, _("已保存。"))
        return pieces.redirect_to(article)
    fresh = selectors.article_for(actor, article.uuid)
    if isinstance(form.refused, StaleError):
        newer = fresh
    context = _form_context(request, form, links_sent(request.POST), _chosen(request), fresh, newer)
    if newer is None:
        context["version"] = sent
    return render(request, "desk/publishing/article_form.html", context, status=status)


def picture_address(_file: UUID, size: int, *, media: UUID) -> str:
    """Return the address of a picture for staff."""
    return reverse("desk:publishing_media_file", args=[media, size])


def drawn(article: Article) -> list[dict[str, Any]]:
    """Return an article's text with its pictures as staff see them."""
    pictures = {
        use.number: drawing.picture(use, lambda f, s, m=use.media.uuid: picture_address(f, s, media=m))  # type: ignore[misc]
        for use in selectors.pictures_of(article)
    }
    return drawing.drawn(markup.parse(article.body), pictures)


def page(request: HttpRequest, piece: Article, error: DomainError | None = None) -> HttpResponse:
    """Show an article as it will be read, with everything that may be done with it."""
    context = pieces.context(request, piece, error) | {
        "blocks": drawn(piece),
        "links": link_rows(piece.links),
        "issues": selectors.issues_with(piece),
        "pleas": selectors.pleas_about(piece.pk),
        "may_decide": permissions.may_decide(actor_of(request)),
    }
    return render(request, "desk/publishing/article.html", context, status=error.status if error else 200)


@require_GET
@writers
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show an article."""
    return page(request, selectors.article_for(actor_of(request), uuid))


class CorrectForm(DomainForm):
    """What is right, and the notice under it."""

    kicker = forms.CharField(label=gettext_lazy("引题"), required=False, max_length=60)
    title = forms.CharField(label=gettext_lazy("标题"), max_length=80)
    body = text_field(gettext_lazy("正文"), longest=BODY, rows=14)
    notice = text_field(
        gettext_lazy("更正说明"),
        longest=500,
        rows=3,
        help_text=gettext_lazy("哪里错了、应为什么，会显示在文末。"),
    )


@require_http_methods(["GET", "POST"])
@writers
def correct(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Correct an article that is out."""
    actor, status = actor_of(request), 200
    article = selectors.article_for(actor, uuid)
    permissions.check(actor, "correct", article)
    form = CorrectForm(initial={"kicker": article.kicker, "title": article.title, "body": article.body})
    if request.method == "POST":
        form = CorrectForm(request.POST)
        status = form.attempt(
            lambda: services.correct_article(
                by=actor,
                now=clock.now(),
                article=article,
                version=id_of(request.POST.get("version", "")) or 0,
                notice=form.cleaned_data["notice"],
                texts=form.cleaned_data,
            )
        )
        if not status:
            messages.success(request, _("已更正。发布到外部渠道的，请到发布记录逐条核对。"))
            return pieces.redirect_to(article)
    context = {
        "form": form,
        "article": article,
        "version": request.POST.get("version", article.version),
        "nav_here": "publishing",
    }
    return render(request, "desk/publishing/correct.html", context, status=status)


def _inline(use: Any) -> str:
    """Return a picture as a data address, for a file that stands alone."""
    content, mime = files.open_shown(use.media.file.uuid, 1600)
    return f"data:{mime};base64,{base64.b64encode(content).decode()}"


def wechat_context(article: Article, *, inline: bool) -> dict[str, Any]:
    """Return what ``_wechat.html`` is made of: an article with inline styles, as WeChat's editor takes it.

    Pictures stand as data in a file (``inline``), else as a mark that says which one goes there.
    """
    pictures = {}
    for use in selectors.pictures_of(article):
        if use.media.may_go_out:
            shown = drawing.picture(use, lambda _file, _size: "")
            shown["url"] = _inline(use) if inline and use.media.file and use.media.file.has_shown else ""
            pictures[use.number] = shown
    return {"article": article, "blocks": drawing.drawn(markup.parse(article.body), pictures)}


@require_GET
@writers
def wechat(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what to paste into WeChat's editor, or send it as a file with its pictures."""
    article = selectors.article_for(actor_of(request), uuid)
    if request.GET.get("file"):
        whole = render_to_string("desk/publishing/wechat_file.html", wechat_context(article, inline=True))
        answer = HttpResponse(whole, content_type="text/html; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="wechat-{article.uuid}.html"'
        answer["X-Content-Type-Options"] = "nosniff"
        return answer
    pictures = [
        drawing.picture(u, lambda f, s, m=u.media.uuid: picture_address(f, s, media=m))  # type: ignore[misc]
        for u in selectors.pictures_of(article)
        if u.media.may_go_out
    ]
    context = {
        "article": article,
        "html": render_to_string("desk/publishing/_wechat.html", wechat_context(article, inline=False)).strip(),
        "pictures": pictures,
        "blocks": drawn(article),
        "nav_here": "publishing",
    }
    return render(request, "desk/publishing/wechat.html", context)


@require_GET
@writers
def paper(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show an article for A4."""
    article = selectors.article_for(actor_of(request), uuid)
    context = {"article": article, "blocks": drawn(article), "back": pieces.redirect_to(article).url}
    return render(request, "desk/publishing/print_article.html", context)
