"""Addresses of files and of what is covered."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.files import contact, views

urlpatterns = [
    path("upload/", views.upload, name="upload"),
    path("files/<uuid:uuid>/<slug:size>/", views.file, name="file"),
    path("cases/<slug:number>/contact/", contact.contact, name="contact"),
    path("cases/<slug:number>/text/", contact.original_text, name="original_text"),
]
