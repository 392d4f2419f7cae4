from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0014_layouts_to_sheets'),
    ]

    operations = [
        migrations.DeleteModel(
            name='SheetLayout',
        ),
    ]
