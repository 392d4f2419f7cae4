"""Addresses of the invitations."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.invitations import views

urlpatterns = [
    path("invitations/", views.listing, name="invitations"),
    path("invitations/new/", views.new, name="invitation_new"),
    path("invitations/<uuid:uuid>/", views.one, name="invitation"),
    path("invitations/<uuid:uuid>/sheet/", views.sheet, name="invitation_sheet"),
]
