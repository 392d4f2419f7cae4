"""Addresses of the import pages; the desk includes them."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.importing import views

urlpatterns = [
    path("import/", views.upload, name="import"),
    path("import/12345.xlsx", views.orders, name="import_orders"),
    path("import/layouts/<uuid:uuid>/forget/", views.forget, name="import_forget"),
    path("import/<uuid:uuid>/take/", views.take, name="import_take"),
    path("import/<uuid:uuid>/", views.sheet, name="import_sheet"),
    path("import/<uuid:uuid>/go-on/", views.go_on, name="import_go_on"),
    path("import/<uuid:uuid>/errors.xlsx", views.errors, name="import_errors"),
]
