"""Addresses of the face `console`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from linli.interfaces.console.home import views as home
from linli.interfaces.console.jobs import views as jobs
from linli.interfaces.console.people import views as people

app_name = "console"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.index, name="home"),
    path("jobs/", jobs.listing, name="jobs"),
    path("jobs/resend/", jobs.resend_kind, name="jobs_resend"),
    path("jobs/<int:job_id>/resend/", jobs.resend, name="job_resend"),
    path("jobs/<int:job_id>/discard/", jobs.discard, name="job_discard"),
    path("grid/", people.grids, name="grids"),
    path("grid/<int:area_id>/", people.grid, name="grid"),
    path("grid/<int:area_id>/lines/", people.add_line, name="grid_lines"),
    path("grid/<int:area_id>/forces/", people.add_force, name="grid_forces"),
    path("grid/<int:area_id>/forces/<int:force_id>/end/", people.end_force, name="grid_force_end"),
    path("grid/<int:area_id>/duty/", people.add_duty, name="grid_duty"),
    path("", include("linli.interfaces.console.venues.urls")),
    path("areas/", include("linli.interfaces.console.areas.urls")),
]
