"""Addresses of the face `console`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from linli.interfaces.console.home import views as home
from linli.interfaces.console.jobs import views as jobs
from linli.interfaces.console.open311 import views as open311
from linli.interfaces.console.people import views as people
from linli.interfaces.console.setup import views as setup
from linli.interfaces.console.staff import urls as staff

app_name = "console"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.index, name="home"),
    path("setup/", setup.path, name="setup"),
    path("setup/place/", setup.place, name="setup_place"),
    path("setup/open/", setup.door, name="setup_open"),
    path("gaps/", setup.gaps, name="gaps"),
    path("phrases/", include("linli.interfaces.console.phrases.urls")),
    path("laws/", include("linli.interfaces.console.laws.urls")),
    path("templates/", include("linli.interfaces.console.wording.urls")),
    path("forms/", include("linli.interfaces.console.forms.urls")),
    path("suggestions/", include("linli.interfaces.console.judging.urls")),
    path("categories/", include("linli.interfaces.console.categories.urls")),
    path("", include("linli.interfaces.console.admissions.urls")),
    path("", include("linli.interfaces.console.desks.urls")),
    path("", include("linli.interfaces.console.bodies.urls")),
    path("", include("linli.interfaces.console.griditems.urls")),
    path("", include("linli.interfaces.console.stations.urls")),
    path("", include("linli.interfaces.console.meetings.urls")),
    path("", include("linli.interfaces.console.ledgers.urls")),
    path("", include("linli.interfaces.console.programs.urls")),
    path("", include("linli.interfaces.console.hooks.urls")),
    path("", include("linli.interfaces.console.mailboxes.urls")),
    path("open311/", open311.page, name="open311"),
    path("open311/door/", open311.door, name="open311_door"),
    path("jobs/", jobs.listing, name="jobs"),
    path("jobs/resend/", jobs.resend_kind, name="jobs_resend"),
    path("jobs/<int:job_id>/resend/", jobs.resend, name="job_resend"),
    path("jobs/<int:job_id>/discard/", jobs.discard, name="job_discard"),
    path("sheets/", include("linli.interfaces.console.sheets.urls")),
    path("grid/", people.grids, name="grids"),
    path("grid/<int:area_id>/", people.grid, name="grid"),
    path("grid/<int:area_id>/lines/", people.add_line, name="grid_lines"),
    path("grid/<int:area_id>/forces/", people.add_force, name="grid_forces"),
    path("grid/<int:area_id>/forces/<int:force_id>/end/", people.end_force, name="grid_force_end"),
    path("grid/<int:area_id>/duty/", people.add_duty, name="grid_duty"),
    *staff.urlpatterns,
    path("calendar/", include("linli.interfaces.console.calendar.urls")),
    path("rules/", include("linli.interfaces.console.rulebook.urls")),
    path("routing/", include("linli.interfaces.console.routing.urls")),
    path("", include("linli.interfaces.console.venues.urls")),
    path("areas/", include("linli.interfaces.console.areas.urls")),
]
