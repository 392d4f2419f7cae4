"""Addresses of the workbench."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.interfaces.desk.cases.views import acting, bulk, detail, lists

urlpatterns: list[URLPattern | URLResolver] = [
    path("", lists.list_page, name="list"),
    path("map/", lists.list_page, {"view": "map"}, name="map"),
    path("pins.json", lists.pins, name="pins"),
    path("ground.json", lists.ground, name="ground"),
    path("changed.json", lists.changed, name="changed"),
    path("filters/", lists.save_filter, name="filters"),
    path("bulk/", bulk.preview, name="bulk"),
    path("bulk/dispatch/", bulk.dispatch, name="bulk-dispatch"),
    path("bulk/undo/", bulk.undo, name="bulk-undo"),
    path("cases/<slug:number>/", detail.case_page, name="case"),
    path("cases/<slug:number>/due/", detail.due_page, name="due"),
    path("cases/<slug:number>/history/", detail.history_page, name="history"),
    path("cases/<slug:number>/text/", detail.text_page, name="text"),
    path("cases/<slug:number>/act/<slug:verb>/", acting.act_page, name="act"),
]
