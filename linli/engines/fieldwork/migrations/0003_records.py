"""Visits and records say themselves whether they are of a guarded kind; indexes along which lists are read."""

from django.db import migrations, models
from django.db.models import Q

OVER = ["scored", "on_the_spot", "dropped"]


def forwards(apps, schema_editor):
    """Write it into the records that are there."""
    submissions = apps.get_model("fieldwork", "Submission").objects
    apps.get_model("fieldwork", "Visit").objects.filter(target__kind__guarded=True).update(guarded=True)
    submissions.filter(target__kind__guarded=True).update(guarded=True)
    submissions.filter(round__review=True).update(review=True)


class Migration(migrations.Migration):
    dependencies = [("fieldwork", "0002_search")]
    operations = [
        migrations.AddField("visit", "guarded", models.BooleanField(default=False)),
        migrations.AddField("submission", "guarded", models.BooleanField(default=False)),
        migrations.AddField("submission", "review", models.BooleanField(default=False)),
        migrations.RemoveIndex("target", "fieldwork_target_same"),
        migrations.AddIndex(
            "target",
            models.Index(
                fields=["kind", "same_key"],
                condition=~Q(same_key="") & Q(until=None),
                name="fieldwork_target_same",
            ),
        ),
        migrations.AddIndex(
            "target",
            models.Index(
                fields=["kind", "area_path", "visited_at"], condition=Q(until=None), name="fieldwork_target_living"
            ),
        ),
        migrations.AddIndex(
            "visit",
            models.Index(
                fields=["round", "due_on", "id"],
                condition=Q(state__in=["due", "tried", "unreached"]),
                name="fieldwork_visit_open",
            ),
        ),
        migrations.AddIndex(
            "visit",
            models.Index(
                fields=["round", "-tries", "due_on"],
                condition=Q(state__in=["tried", "unreached"]),
                name="fieldwork_visit_doors",
            ),
        ),
        migrations.AddIndex(
            "finding", models.Index(fields=["-id"], condition=~Q(state__in=OVER), name="fieldwork_finding_open")
        ),
        migrations.AddIndex(
            "finding",
            models.Index(fields=["-id"], condition=Q(relapse_of__isnull=False), name="fieldwork_finding_again"),
        ),
        migrations.RemoveIndex("submission", "fieldwork_submission_scored"),
        migrations.AddIndex(
            "submission",
            models.Index(
                fields=["round", "form"],
                condition=Q(marks__isnull=False),
                include=["marks", "full", "vetoed", "state", "rival", "judged_at"],
                name="fieldwork_submission_scored",
            ),
        ),
        migrations.AddIndex(
            "submission", models.Index(fields=["round", "-id"], name="fieldwork_submission_newest")
        ),
        migrations.AddIndex(
            "submission",
            models.Index(
                fields=["id"], condition=Q(state="received", review=True, rival=None), name="fieldwork_submission_review"
            ),
        ),
        migrations.RunPython(forwards, migrations.RunPython.noop, elidable=True),
    ]
