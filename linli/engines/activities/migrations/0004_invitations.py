"""Invitations by post were meetings under another name: each becomes one, with who was invited and who came."""

import datetime

from django.db import migrations
from django.utils import timezone

from linli.foundation.core.crypto import encrypt_text

LENGTH = datetime.timedelta(hours=2)
TEMPLATES = {"people.invited": "activities.invited", "people.invitation_cancelled": "activities.cancelled"}


def take_over(apps, schema_editor):
    """Make a meeting with the same uuid of every invitation; what was told of it now tells of the meeting."""
    alias = schema_editor.connection.alias  # the namespace that is migrated, not the one of who asked for it
    units = apps.get_model("people", "Unit").objects.using(alias)
    office = units.filter(kind="street_office").order_by("id").first() or units.order_by("id").first()
    meetings = apps.get_model("activities", "Meeting").objects.using(alias)
    for row in apps.get_model("people", "Invitation").objects.using(alias).order_by("id").iterator(chunk_size=200):
        if not meetings.filter(uuid=row.uuid).exists():
            _meeting(apps, alias, row, office)
    texts = apps.get_model("linli_messages", "TemplateText").objects.using(alias)
    for old, new in TEMPLATES.items():
        apps.get_model("linli_messages", "Message").objects.using(alias).filter(template=old).update(template=new)
        texts.filter(code=old).delete()  # words of an installation's own for what no longer is


def _meeting(apps, alias, row, office):
    user = apps.get_model("accounts", "User").objects.using(alias).filter(uuid=row.sent_by).first()
    held = apps.get_model("people", "Appointment").objects.using(alias).filter(user=user) if user else []
    last = held.select_related("post__unit").order_by("-starts_on", "-id").first() if user else None
    areas = list(apps.get_model("places", "Area").objects.using(alias).filter(pk__in=row.areas)[:2])
    area = areas[0] if len(areas) == 1 else None
    off = row.cancelled_at is not None
    meeting = apps.get_model("activities", "Meeting").objects.using(alias).create(
        uuid=row.uuid,
        kind="other",
        title=row.title,
        theme=row.text[:200],
        summary=row.text if len(row.text) > 200 else "",
        starts_at=row.starts_at,
        ends_at=row.starts_at + LENGTH,
        state="cancelled" if off else "called",
        unit=last.post.unit if last else office,
        area=area,
        area_path=area.path if area else "",
        # whoever invited goes on leading what is to come; nobody owes minutes of what is over
        created_by=user if row.starts_at > timezone.now() else None,
        created_label=row.sent_label,
        created_at=row.sent_at,
        called_at=row.sent_at,
        cancelled_at=row.cancelled_at,
        cancel_reason="会议取消，原因已通知被邀请人。" if off else "",
        words="".join(row.title.split()).lower()[:600],
    )
    venue = apps.get_model("activities", "Venue").objects.using(alias).create(meeting=meeting, name=row.place)
    attendees = apps.get_model("activities", "Attendee").objects.using(alias)
    for one in row.invitees.using(alias).order_by("id"):
        came = {"came": 1, "came_at": one.came_at, "way": "paper"} if one.came_at else {}
        attendees.create(
            meeting=meeting, unit_id=one.unit_id, user_id=one.user_id, group=one.group, title=one.title, venue=venue, **came
        )
    told = apps.get_model("linli_messages", "Message").objects.using(alias).filter(subject_uuid=row.uuid)
    told.update(subject_kind="meeting", url_sealed=encrypt_text(f"/desk/meetings/{row.uuid}/", "messages.url"))


class Migration(migrations.Migration):

    dependencies = [
        ("activities", "0003_topic_files"),
        ("accounts", "__first__"),
        ("linli_messages", "0001_initial"),
        ("people", "0002_standing"),
        ("places", "__first__"),
    ]
    run_before = [("people", "0003_no_invitations")]

    operations = [migrations.RunPython(take_over, migrations.RunPython.noop)]
