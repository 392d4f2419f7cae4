"""Addresses of the rulebook editor."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.interfaces.console.rulebook import views

urlpatterns: list[URLPattern] = [
    path("", views.listing, name="rules"),
    path("<str:code>/", views.rule, name="rule"),
    path("<str:code>/change/", views.change, name="rule_change"),
    path("<str:code>/withdraw/", views.withdraw, name="rule_withdraw"),
    path("<str:code>/for-category/", views.for_category, name="rule_for_category"),
]
