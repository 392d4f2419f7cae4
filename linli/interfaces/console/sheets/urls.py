"""Addresses of the pages of sheets; the console includes them."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.console.sheets import batch, layouts, views

urlpatterns = [
    path("", views.index, name="sheets"),
    path("layouts/", layouts.listing, name="sheet_layouts"),
    path("layouts/<uuid:uuid>/", layouts.one, name="sheet_layout"),
    path("layouts/<uuid:uuid>/forget/", layouts.forget, name="sheet_layout_forget"),
    path("<slug:code>/import/", views.upload, name="sheet_upload"),
    path("<slug:code>/template.xlsx", views.template, name="sheet_template"),
    path("<slug:code>/export.xlsx", views.export, name="sheet_export"),
    path("batch/<uuid:uuid>/", batch.page, name="sheet_batch"),
    path("batch/<uuid:uuid>/check/", batch.check, name="sheet_check"),
    path("batch/<uuid:uuid>/apply/", batch.apply, name="sheet_apply"),
    path("batch/<uuid:uuid>/go-on/", batch.go_on, name="sheet_go_on"),
    path("batch/<uuid:uuid>/stop/", batch.stop, name="sheet_stop"),
    path("batch/<uuid:uuid>/undo/", batch.undo, name="sheet_undo"),
    path("batch/<uuid:uuid>/confirm/", batch.confirm, name="sheet_confirm"),
    path("batch/<uuid:uuid>/drop/", batch.drop, name="sheet_drop"),
    path("batch/<uuid:uuid>/errors.xlsx", batch.errors, name="sheet_errors"),
    path("batch/<uuid:uuid>/slips/", batch.slips, name="sheet_slips"),
]
