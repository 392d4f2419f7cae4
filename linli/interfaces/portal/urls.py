"""Addresses of the face `portal`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.interfaces.portal.alliance import views as alliance
from linli.interfaces.portal.desks import views as desks
from linli.interfaces.portal.friendly import views as friendly
from linli.interfaces.portal.owners import views as owners
from linli.interfaces.portal.praise import views as praise
from linli.interfaces.portal.projects import views as projects
from linli.interfaces.portal.public import nearby
from linli.interfaces.portal.public import views as public
from linli.interfaces.portal.publishing import views as publishing
from linli.interfaces.portal.report import feedback, fragments, preview
from linli.interfaces.portal.report import views as report
from linli.interfaces.portal.residents import views as residents
from linli.interfaces.portal.surveys import views as surveys
from linli.interfaces.portal.track import views as track
from linli.interfaces.portal.venues import posters
from linli.interfaces.portal.venues import views as venues

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", public.home, name="home"),
    path("contacts/", public.contacts, name="contacts"),
    path("desks/", desks.listing, name="desks"),
    path("friendly/", friendly.listing, name="friendly"),
    path("owners/", owners.listing, name="owners"),
    path("owners/<uuid:uuid>/", owners.one, name="owners_one"),
    path("praise/", praise.listing, name="praise"),
    path("privacy/", public.privacy, name="privacy"),
    path("accessibility/", public.accessibility, name="accessibility"),
    path("nearby/", nearby.listing, name="nearby"),
    path("nearby/pins.json", nearby.pins, name="pins"),
    path("nearby/areas.json", nearby.areas, name="areas"),
    path("nearby/join/", nearby.join, name="join"),
    path("report/", report.page, name="report"),
    path("report/suggest/", fragments.suggest, name="suggest"),
    path("report/questions/", fragments.questions, name="questions"),
    path("report/places/", fragments.places_found, name="places"),
    path("report/done/", report.done, name="done"),
    path("report/slip/", report.slip, name="slip"),
    path("report/preview/<str:code>/", preview.page, name="preview"),
    path("report/preview/<str:code>/suggest/", preview.suggest, name="preview_suggest"),
    path("feedback/", feedback.page, name="feedback"),
    path("track/", track.page, name="track"),
    path("track/leave/", track.leave, name="leave"),
    path("track/answer/", track.answer, name="answer"),
    path("track/urge/", track.urge, name="urge"),
    path("track/withdraw/", track.withdraw, name="withdraw"),
    path("track/rate/", track.rate, name="rate"),
    path("track/photo/<uuid:file>/<int:size>/", track.photo, name="photo"),
    path("map/", venues.first, name="maps"),
    path("map/<slug:code>/", venues.listing, name="map"),
    path("map/<slug:code>/pins.json", venues.pins, name="map_pins"),
    path("map/<slug:code>/print/", venues.paper, name="map_print"),
    path("place/<uuid:uuid>/", venues.venue, name="venue"),
    path("place/photo/<uuid:file>/<int:size>/", venues.photo, name="venue_photo"),
    path("projects/", projects.listing, name="projects"),
    path("projects/list/<uuid:uuid>/", projects.one_list, name="project_list"),
    path("projects/ask/<uuid:uuid>/", projects.answer, name="ask"),
    path("projects/log/<slug:code>/", projects.blocker, name="blocker"),
    path("projects/photo/<uuid:file>/<int:size>/", projects.photo, name="project_photo"),
    path("projects/<uuid:uuid>/", projects.project, name="project"),
    path("q/<slug:code>/", posters.scan, name="scan"),
    path("survey/<slug:code>/", surveys.survey, name="survey"),
    path("surveys/", surveys.released, name="surveys"),
    path("survey/<slug:code>/results/", surveys.results, name="survey_results"),
    path("survey/<slug:code>/thanks/", surveys.thanks, name="survey_thanks"),
    path("alliance/", alliance.listing, name="alliance"),
    path("alliance/<uuid:uuid>/", alliance.one, name="alliance_entry"),
    path("alliance/brands/<uuid:uuid>/", alliance.brand, name="alliance_brand"),
    path("alliance/pictures/<uuid:uuid>/<int:size>/", alliance.picture, name="alliance_picture"),
    path("news/", publishing.listing, name="news"),
    path("news/answer/", publishing.answer, name="takedown_answer"),
    path("news/<uuid:uuid>/", publishing.article, name="news_one"),
    path("news/<uuid:uuid>/print/", publishing.paper, name="news_paper"),
    path("news/<uuid:uuid>/takedown/", publishing.takedown, name="takedown"),
    path("news/photo/<uuid:file>/<int:size>/", publishing.photo, name="news_photo"),
    path("methods/", publishing.methods, name="methods"),
    path("methods/<uuid:uuid>/", publishing.method, name="method"),
    path("mine/", residents.mine, name="mine"),
    path("mine/open/", residents.open_one, name="mine_open"),
    path("register/", residents.register, name="register"),
    path("register/code/", residents.register_code, name="register_code"),
]
