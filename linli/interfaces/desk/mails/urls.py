"""Addresses of messages."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.mails import views

urlpatterns = [
    path("mails/", views.queue, name="mails"),
    path("mails/all/", views.settled, name="mails_settled"),
    path("mails/<uuid:uuid>/decide/", views.decide, name="mail_decide"),
    path("mails/<uuid:uuid>/original/", views.original, name="mail_original"),
]
