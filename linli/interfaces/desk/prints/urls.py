"""Addresses of paper."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.prints import views

urlpatterns = [
    path("print/", views.print_list, name="print_list"),
    path("cases/<slug:number>/print/", views.print_case, name="print"),
]
