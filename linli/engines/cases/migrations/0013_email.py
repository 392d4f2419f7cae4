
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0012_sensor_source'),
    ]

    operations = [
        migrations.AddField(
            model_name='reporter',
            name='email_hash',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.AddField(
            model_name='reporter',
            name='email_sealed',
            field=models.BinaryField(default=b''),
        ),
        migrations.AddField(
            model_name='reporter',
            name='thread_sealed',
            field=models.BinaryField(default=b''),
        ),
        migrations.AlterField(
            model_name='case',
            name='source',
            field=models.CharField(choices=[('resident', '居民自报'), ('walk_in', '窗口来访'), ('phone', '电话'), ('patrol', '网格巡查'), ('neighbourhood', '居民区采集'), ('hotline', '12345 热线'), ('message', '网络留言'), ('guidance', '吹哨报到'), ('inspection', '督查发现'), ('video', '视频上报'), ('sensor', '感知设备'), ('letter', '来信'), ('internal', '内部发起'), ('open311', '开放接口'), ('email', '电子邮件')], max_length=16),
        ),
        migrations.AlterField(
            model_name='reporter',
            name='channel',
            field=models.CharField(choices=[('resident', '居民自报'), ('walk_in', '窗口来访'), ('phone', '电话'), ('patrol', '网格巡查'), ('neighbourhood', '居民区采集'), ('hotline', '12345 热线'), ('message', '网络留言'), ('guidance', '吹哨报到'), ('inspection', '督查发现'), ('video', '视频上报'), ('sensor', '感知设备'), ('letter', '来信'), ('internal', '内部发起'), ('open311', '开放接口'), ('email', '电子邮件')], max_length=16),
        ),
        migrations.AlterField(
            model_name='reporter',
            name='way',
            field=models.CharField(choices=[('phone', '电话'), ('visit', '上门'), ('letter', '书面'), ('message', '短信或站内消息'), ('email', '电子邮件'), ('none', '不需要')], default='none', max_length=12),
        ),
        migrations.AlterField(
            model_name='shutdoor',
            name='source',
            field=models.CharField(choices=[('resident', '居民自报'), ('walk_in', '窗口来访'), ('phone', '电话'), ('patrol', '网格巡查'), ('neighbourhood', '居民区采集'), ('hotline', '12345 热线'), ('message', '网络留言'), ('guidance', '吹哨报到'), ('inspection', '督查发现'), ('video', '视频上报'), ('sensor', '感知设备'), ('letter', '来信'), ('internal', '内部发起'), ('open311', '开放接口'), ('email', '电子邮件')], max_length=16, unique=True),
        ),
    ]
