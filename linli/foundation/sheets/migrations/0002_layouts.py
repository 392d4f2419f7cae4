import linli.foundation.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sheets', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='batch',
            name='values',
            field=models.JSONField(default=dict),
        ),
        migrations.CreateModel(
            name='Layout',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('uuid', models.UUIDField(default=linli.foundation.core.ids.uuid7, editable=False, unique=True)),
                ('kind', models.CharField(max_length=32)),
                ('key', models.CharField(max_length=64)),
                ('title', models.CharField(blank=True, default='', max_length=120)),
                ('headers', models.JSONField(default=list)),
                ('mapping', models.JSONField(default=dict)),
                ('values', models.JSONField(default=dict)),
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.CharField(max_length=200)),
            ],
            options={
                'indexes': [models.Index(fields=['-changed_at', '-id'], name='sheets_layout_newest')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='sheets_layout_once')],
            },
        ),
    ]
