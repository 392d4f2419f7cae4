"""What was written under the strand's former code is found under the one that there is now."""

from datetime import date
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from linli.programmes.publishing import selectors, services
from linli.programmes.publishing.models import Article, PieceVersion, Report
from linli.programmes.publishing.rules.checking import unresolved
from linli.programmes.publishing.rules.reporting import digest
from linli.programmes.publishing.tests import pages
from linli.programmes.publishing.types import ReportData

pytestmark = pytest.mark.django_db
PLEASE = "居民王建国说，楼道清爽了。"


def _migrate():
    one_code = import_module("linli.programmes.publishing.migrations.0002_one_strand").one_code
    editor = SimpleNamespace(connection=connection)
    one_code(apps, editor)
    one_code(apps, editor)


def test_articles_and_their_versions_carry_the_one_code(world):
    old, other = pages.begin(world), pages.begin(world, strands=("plural",))
    Article.objects.filter(pk=old.pk).update(strands="|project|fine|")
    PieceVersion.objects.filter(piece=old.uuid).update(data={"strands": "|fine|", "body": "fine"})
    _migrate()
    old.refresh_from_db()
    other.refresh_from_db()
    assert (old.strands, other.strands) == ("|project|refined|", "|plural|")
    assert PieceVersion.objects.get(piece=old.uuid).data == {"strands": "|refined|", "body": "fine"}
    found = selectors.articles(world.actor("lingdao"), selectors.Filters(strand="refined"))
    assert [a.pk for a in found.rows] == [old.pk]


def test_a_years_report_keeps_its_section_its_reasons_and_its_seal(world):
    day = date(2026, 1, 1)
    data = ReportData("年度报告", "year", day, date(2026, 12, 31), world.units["party"].pk, {"refined": PLEASE})
    report = services.begin_report(by=world.actor("paidan"), now=world.now, data=data)
    services.hand_in(by=world.actor("paidan"), now=world.now, piece=report, version=1)
    reasons = {f.key: "本人同意" for f in selectors.findings(report, world.now)}
    services.approve(by=world.actor("lingdao"), now=world.now, piece=report, version=2, reasons=reasons)
    pages.release(world, report, "meeting")
    report.refresh_from_db()
    texts = {"fine" if k == "refined" else k: v for k, v in report.texts.items()}
    Report.objects.filter(pk=report.pk).update(texts=texts)
    report.refresh_from_db()
    frozen = {**report.frozen, "sections": {**report.frozen["sections"]}}
    frozen["sections"]["fine"] = frozen["sections"].pop("refined")
    old = {f.key: "本人同意" for f in selectors.findings(report, world.now)}
    assert old
    assert old.keys() != reasons.keys()
    Report.objects.filter(pk=report.pk).update(frozen=frozen, digest=digest(frozen), reasons=old)
    _migrate()
    report.refresh_from_db()
    assert report.texts["refined"] == PLEASE
    assert "fine" not in report.texts
    assert not unresolved(selectors.findings(report, world.now), report.reasons)
    assert report.digest == digest(report.frozen)
    section = next(s for s in selectors.sections(report, world.now) if s.code == "refined")
    assert "cases.taken_in" in {f.code for f in section.figures}
    assert section.text == PLEASE
