"""Addresses of tasks."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.tasks import views

urlpatterns = [path("tasks/", views.tasks, name="tasks"), path("tasks/<uuid:uuid>/", views.task, name="task")]
