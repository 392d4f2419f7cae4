"""Addresses of the workbench."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.interfaces.desk.cases.views import acting, bulk, detail, lists, replying
from linli.interfaces.desk.doors import staff

urlpatterns: list[URLPattern | URLResolver] = [
    path("", staff(lists.list_page), name="list"),
    path("map/", staff(lists.list_page), {"view": "map"}, name="map"),
    path("pins.json", staff(lists.pins), name="pins"),
    path("ground.json", staff(lists.ground), name="ground"),
    path("changed.json", staff(lists.changed), name="changed"),
    path("filters/", staff(lists.save_filter), name="filters"),
    path("bulk/", staff(bulk.preview), name="bulk"),
    path("bulk/dispatch/", staff(bulk.dispatch), name="bulk-dispatch"),
    path("bulk/undo/", staff(bulk.undo), name="bulk-undo"),
    path("cases/<slug:number>/", detail.case_page, name="case"),
    path("cases/<slug:number>/due/", detail.due_page, name="due"),
    path("cases/<slug:number>/history/", detail.history_page, name="history"),
    path("cases/<slug:number>/text/", detail.text_page, name="text"),
    path("cases/<slug:number>/reply-notes/", staff(replying.notes), name="reply_notes"),
    path("cases/<slug:number>/act/<slug:verb>/", acting.act_page, name="act"),
]
