
import django.db.models.deletion
import linli.foundation.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('places', '0002_households_and_uploads'),
    ]

    operations = [
        migrations.CreateModel(
            name='Mailbox',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('uuid', models.UUIDField(default=linli.foundation.core.ids.uuid7, editable=False, unique=True)),
                ('name', models.CharField(max_length=40)),
                ('address', models.CharField(max_length=254)),
                ('host', models.CharField(max_length=253)),
                ('port', models.PositiveIntegerField()),
                ('security', models.CharField(choices=[('tls', 'TLS（一般用 993 端口）'), ('starttls', 'STARTTLS（一般用 143 端口）'), ('none', '不加密（只限本机）')], default='tls', max_length=8)),
                ('user', models.CharField(max_length=254)),
                ('password_sealed', models.BinaryField(default=b'')),
                ('folder', models.CharField(default='INBOX', max_length=200)),
                ('ca', models.TextField(blank=True, default='')),
                ('category', models.CharField(blank=True, default='', max_length=40)),
                ('active', models.BooleanField(default=True)),
                ('uid_validity', models.BigIntegerField(null=True)),
                ('last_uid', models.BigIntegerField(default=0)),
                ('looked_at', models.DateTimeField(null=True)),
                ('fine_at', models.DateTimeField(null=True)),
                ('failing_since', models.DateTimeField(null=True)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('trouble', models.CharField(blank=True, default='', max_length=300)),
                ('told_at', models.DateTimeField(null=True)),
                ('entered_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('area', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area')),
            ],
        ),
        migrations.CreateModel(
            name='Mail',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('uuid', models.UUIDField(default=linli.foundation.core.ids.uuid7, editable=False, unique=True)),
                ('uid_validity', models.BigIntegerField()),
                ('uid', models.BigIntegerField()),
                ('key', models.CharField(max_length=64, unique=True)),
                ('id_hash', models.CharField(blank=True, default='', max_length=64)),
                ('size', models.PositiveIntegerField()),
                ('came_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[('waiting', '正在处理'), ('case', '已立案'), ('answer', '已并入案件'), ('aside', '待人工处理'), ('ignored', '自动邮件，不处理'), ('discarded', '已舍弃')], default='waiting', max_length=10)),
                ('reason', models.CharField(blank=True, choices=[('', ''), ('own', '本系统自己的地址'), ('loop', '转发次数过多，可能在循环'), ('bounce', '退信'), ('auto_reply', '自动回复'), ('bulk', '群发或邮件列表'), ('spam', '疑似垃圾邮件，或发件人身份核对不通过'), ('oversized', '邮件太大，没有下载正文'), ('unreadable', '内容无法读取'), ('no_sender', '没有可用的发件地址'), ('not_reporter', '回复了我们的邮件，但发件人不是反映人'), ('no_code', '主题中有案件编号，但识别码不对或没有'), ('too_many', '同一地址短时间内来信过多'), ('refused', '登记时有内容不符合要求')], default='', max_length=16)),
                ('detail', models.CharField(blank=True, default='', max_length=300)),
                ('sender_sealed', models.BinaryField(default=b'')),
                ('sender_hash', models.CharField(blank=True, default='', max_length=64)),
                ('sender_masked', models.CharField(blank=True, default='', max_length=120)),
                ('subject', models.CharField(blank=True, default='', max_length=200)),
                ('text', models.CharField(blank=True, default='', max_length=600)),
                ('content_sealed', models.BinaryField(default=b'')),
                ('attachments', models.PositiveSmallIntegerField(default=0)),
                ('case_uuid', models.UUIDField(null=True)),
                ('case_number', models.CharField(blank=True, default='', max_length=40)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_label', models.CharField(blank=True, default='', max_length=80)),
                ('decided_reason', models.CharField(blank=True, default='', max_length=300)),
                ('mailbox', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mails', to='mailbox.mailbox')),
            ],
        ),
        migrations.CreateModel(
            name='RawMail',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
                ('mail', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='raw', to='mailbox.mail')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='mailbox',
            constraint=models.UniqueConstraint(fields=('name',), name='mailbox_name_once'),
        ),
        migrations.AddConstraint(
            model_name='mailbox',
            constraint=models.UniqueConstraint(fields=('host', 'user', 'folder'), name='mailbox_account_once'),
        ),
        migrations.AddConstraint(
            model_name='mailbox',
            constraint=models.CheckConstraint(condition=models.Q(('port__gte', 1), ('port__lte', 65535)), name='mailbox_port'),
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(fields=['-came_at', '-id'], name='mailbox_mail_list'),
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(condition=models.Q(('state', 'aside')), fields=['came_at', 'id'], name='mailbox_mail_aside'),
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['id'], name='mailbox_mail_waiting'),
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(fields=['state', '-came_at', '-id'], name='mailbox_mail_state'),
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(fields=['sender_hash', 'came_at'], name='mailbox_mail_sender'),
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(condition=models.Q(('id_hash', ''), _negated=True), fields=['id_hash'], name='mailbox_mail_id'),
        ),
        migrations.AddConstraint(
            model_name='mail',
            constraint=models.UniqueConstraint(fields=('mailbox', 'uid_validity', 'uid'), name='mailbox_mail_uid'),
        ),
        migrations.AddConstraint(
            model_name='mail',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['case', 'answer']), _negated=True), ('case_uuid__isnull', False), _connector='OR'), name='mailbox_mail_case'),
        ),
        migrations.AddConstraint(
            model_name='mail',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'discarded'), _negated=True), models.Q(('decided_at__isnull', False), models.Q(('decided_reason', ''), _negated=True)), _connector='OR'), name='mailbox_mail_discarded'),
        ),
    ]
