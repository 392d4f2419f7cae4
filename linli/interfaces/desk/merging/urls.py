"""Addresses of merging and splitting."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.merging import views

urlpatterns = [
    path("cases/<slug:number>/merge/", views.merge, name="merge"),
    path("cases/<slug:number>/not-same/", views.dismiss, name="not_same"),
    path("cases/<slug:number>/unmerge/", views.unmerge, name="unmerge"),
    path("cases/<slug:number>/split/", views.split, name="split"),
]
