"""Addresses of people, units, roles, the journal and the screens, all below ``console/``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.interfaces.console.journal import views as journal
from linli.interfaces.console.roles import views as roles
from linli.interfaces.console.screens import views as screens
from linli.interfaces.console.staff import absences, units, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("people/", views.listing, name="people"),
    path("people/new/", views.create, name="person_new"),
    path("people/<uuid:uuid>/", views.person, name="person"),
    path("people/<uuid:uuid>/appoint/", views.appoint, name="person_appoint"),
    path("people/<uuid:uuid>/terms/<int:term_id>/end/", views.end_term, name="person_end"),
    path("people/<uuid:uuid>/absence/", views.absence, name="person_absence"),
    path("people/<uuid:uuid>/hand-over/", views.hand_over, name="person_hand_over"),
    path("people/<uuid:uuid>/see-as/", views.see_as, name="see_as"),
    path("see-as/end/", views.see_as_end, name="see_as_end"),
    path("absences/", absences.absences, name="absences"),
    path("absences/add/", absences.absence_add, name="absence_add"),
    path("absences/<int:absence_id>/end/", absences.absence_end, name="absence_end"),
    path("units/", units.listing, name="units"),
    path("units/new/", units.create, name="unit_new"),
    path("units/<uuid:uuid>/", units.unit, name="unit"),
    path("units/<uuid:uuid>/posts/", units.add_post, name="unit_post"),
    path("units/<uuid:uuid>/end/", units.end, name="unit_end"),
    path("roles/", roles.page, name="roles"),
    path("journal/", journal.listing, name="journal"),
    path("journal/verify/", journal.verify, name="journal_verify"),
    path("journal/<uuid:uuid>/", journal.entry, name="journal_entry"),
    path("screens/", screens.listing, name="screens"),
    path("screens/create/", screens.create, name="screen_create"),
    path("screens/<uuid:uuid>/revoke/", screens.revoke, name="screen_revoke"),
]
