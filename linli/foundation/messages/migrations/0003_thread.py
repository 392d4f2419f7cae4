
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('linli_messages', '0002_gateway'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='thread_sealed',
            field=models.BinaryField(default=b''),
        ),
    ]
