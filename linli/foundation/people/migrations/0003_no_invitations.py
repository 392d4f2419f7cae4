"""Invitations are meetings; the room `activities` has taken over what there was."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("people", "0002_standing")]

    operations = [
        migrations.DeleteModel(name="Invitee"),
        migrations.DeleteModel(name="Invitation"),
    ]
