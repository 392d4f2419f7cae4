"""Addresses of forms."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.console.forms.views import design, listing, page

urlpatterns = [
    path("", listing.listing, name="forms"),
    path("new/", listing.new, name="form_new"),
    path("import/", listing.take_in, name="form_import"),
    path("library/", listing.library, name="form_library"),
    path("library/adopt/", listing.adopt, name="form_adopt"),
    path("<str:code>/", page.page, name="form"),
    path("<str:code>/design/", design.design, name="form_design"),
    path("<str:code>/design/add/", design.add, name="form_add"),
    path("<str:code>/design/arrange/", design.arrange, name="form_arrange"),
    path("<str:code>/settings/", design.settings, name="form_settings"),
    path("<str:code>/publish/", page.publish, name="form_publish"),
    path("<str:code>/media/", page.media, name="form_media"),
    path("<str:code>/discard/", page.discard, name="form_discard"),
    path("<str:code>/compare/", page.compare, name="form_compare"),
    path("<str:code>/export.xlsx", page.export, name="form_export"),
    path("<str:code>/xform.xml", page.xform, name="form_xform"),
]
