"""Addresses of what was asked of the 居民区."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.admissions import views

urlpatterns = [
    path("asked/", views.counts, name="asked"),
    path("asked/rows/", views.rows, name="asked_rows"),
    path("tasks/new/", views.give, name="task_new"),
    path("tasks/<uuid:uuid>/refuse/", views.refuse, name="task_refuse"),
]
