"""Addresses of the catalogue of problems."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.console.categories.views import page, questions, tree

urlpatterns = [
    path("", tree.listing, name="categories"),
    path("new/", tree.new, name="category_new"),
    path("<str:code>/", page.page, name="category"),
    path("<str:code>/edit/", page.edit, name="category_edit"),
    path("<str:code>/move/", tree.move, name="category_move"),
    path("<str:code>/switch/", tree.switch, name="category_switch"),
    path("<str:code>/preview/", page.preview, name="category_preview"),
    path("<str:code>/publish/", page.publish, name="category_publish"),
    path("<str:code>/discard/", page.discard, name="category_discard"),
    path("<str:code>/versions/", page.versions, name="category_versions"),
    path("<str:code>/versions/<int:number>/restore/", page.restore, name="category_restore"),
    path("<str:code>/questions/", questions.listing, name="category_questions"),
    path("<str:code>/questions/new/", questions.one, name="question_new"),
    path("<str:code>/questions/<str:question>/", questions.one, name="question"),
    path("<str:code>/questions/<str:question>/arrange/", questions.arrange, name="question_arrange"),
]
