"""Addresses of the pages of ledgers; the console includes them."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.console.ledgers import views

urlpatterns = [
    path("ledgers/", views.listing, name="ledgers"),
    path("ledgers/ship/", views.ship, name="ledgers_ship"),
    path("ledgers/new/", views.edit, name="ledger_new"),
    path("ledgers/<slug:code>/", views.edit, name="ledger"),
    path("ledgers/<slug:code>/retire/", views.retire, name="ledger_retire"),
]
