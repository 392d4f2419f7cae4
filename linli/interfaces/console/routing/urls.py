"""Addresses of the routing editor."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.interfaces.console.routing import trying, views

urlpatterns: list[URLPattern] = [
    path("", views.listing, name="routing"),
    path("new/", views.rule, name="routing_new"),
    path("rule/<str:key>/", views.rule, name="routing_rule"),
    path("rule/<str:key>/act/", views.act, name="routing_act"),
    path("discard/", views.discard, name="routing_discard"),
    path("enable/", views.enable, name="routing_enable"),
    path("history/", views.history, name="routing_history"),
    path("history/<int:number>/", views.version, name="routing_version"),
    path("history/<int:number>/take-up/", views.take_up, name="routing_take_up"),
    path("try/", trying.place, name="routing_try"),
    path("trial/", trying.trial, name="routing_trial"),
    path("trial/<int:trial_id>/step/", trying.step, name="routing_step"),
    path("trial/<int:trial_id>/cases/", trying.cases, name="routing_cases"),
]
