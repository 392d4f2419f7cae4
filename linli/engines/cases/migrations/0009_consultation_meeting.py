"""A consultation is one object with its meeting: those that there are get theirs."""

import datetime

import django.db.models.deletion
from django.db import migrations, models

KINDS = {"comprehensive": "grid_coordination", "difficult": "committee_coordination"}
LENGTH = datetime.timedelta(minutes=90)


def give_meetings(apps, schema_editor):
    """Make a meeting of every consultation: its place, its parties, a point for each case, what was decided."""
    alias = schema_editor.connection.alias  # the namespace that is migrated, not the one of who asked for it
    consultations = apps.get_model("cases", "Consultation").objects.using(alias)
    units = apps.get_model("people", "Unit").objects.using(alias)
    office = units.filter(kind="street_office").order_by("id").first() or units.order_by("id").first()
    for row in consultations.filter(meeting=None).order_by("id").iterator(chunk_size=200):
        if office is None:
            return
        row.meeting = _meeting(apps, alias, row, office)
        row.save(update_fields=["meeting"])


def _meeting(apps, alias, row, office):
    areas = apps.get_model("places", "Area").objects.using(alias)
    decided = row.decided_at is not None
    last = row.area_path.strip("/").rpartition("/")[2]
    meeting = apps.get_model("activities", "Meeting").objects.using(alias).create(
        kind=KINDS.get(row.level, "grid_coordination"),
        title=row.title,
        starts_at=row.held_at,
        ends_at=row.held_at + LENGTH,
        state="minuted" if decided else "called",
        unit=office,
        area=areas.filter(pk=int(last)).first() if last.isdigit() else None,
        area_path=row.area_path,
        summary=row.minutes,
        created_label=row.called_label,
        created_at=row.called_at,
        called_at=row.called_at,
        began_at=row.decided_at,
        finished_at=row.decided_at,
        words="".join(row.title.split()).lower()[:600],
    )
    venue = apps.get_model("activities", "Venue").objects.using(alias).create(meeting=meeting, name=row.place or "地点待定")
    attendees = apps.get_model("activities", "Attendee").objects.using(alias)
    for party in row.parties.all():
        came = {"came": 1, "came_at": row.decided_at, "way": "paper"} if party.attended and decided else {}
        attendees.create(meeting=meeting, unit=party.unit, group="unit", venue=venue, **came)
    for number, point in enumerate(row.items.select_related("case").order_by("order"), 1):
        _item(apps, alias, meeting, number, point, row)
    return meeting


def _item(apps, alias, meeting, number, point, row):
    case = point.case
    item = apps.get_model("activities", "AgendaItem").objects.using(alias).create(
        meeting=meeting,
        order=number,
        kind="case",
        title=f"{case.number} {case.title}"[:120],
        minutes=15,
        subject_kind="case",
        subject_uuid=case.uuid,
        record=point.decision,
        recorded_at=point.decided_at,
        recorded_label=row.called_label if point.decided_at else "",
    )
    if point.decision:
        apps.get_model("activities", "Decision").objects.using(alias).create(
            meeting=meeting,
            item=item,
            kind="decision",
            text=point.decision,
            at=point.decided_at or row.called_at,
            by_label=row.called_label,
        )


class Migration(migrations.Migration):

    dependencies = [
        ("activities", "0001_initial"),
        ("people", "__first__"),
        ("places", "__first__"),
        ("cases", "0008_shut_door_sources"),
    ]

    operations = [
        migrations.AddField(
            model_name="consultation",
            name="meeting",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="activities.meeting"
            ),
        ),
        migrations.RunPython(give_meetings, migrations.RunPython.noop),
    ]
