
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_first_access'),
        ('customers', '0002_code_sequence'),
        ('planning', '0005_default_states'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(choices=[('open', 'open'), ('planned', 'planned'), ('confirmed', 'confirmed'), ('under_way', 'under way'), ('done', 'done'), ('missed', 'missed'), ('superseded', 'superseded'), ('cancelled', 'cancelled')], default='open', editable=False, max_length=12)),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('notes', models.TextField(blank=True, verbose_name='notes')),
                ('due_on', models.DateField(verbose_name='due')),
                ('remind_at', models.DateTimeField(blank=True, null=True, verbose_name='remind at')),
                ('subject_kind', models.CharField(blank=True, max_length=40)),
                ('subject_id', models.BigIntegerField(blank=True, null=True)),
                ('series', models.CharField(blank=True, max_length=12, verbose_name='series')),
                ('number', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='number')),
                ('code', models.CharField(blank=True, max_length=40, verbose_name='code')),
                ('created_at', models.DateTimeField(verbose_name='created')),
                ('created_by_name', models.CharField(blank=True, max_length=150, verbose_name='created by')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                ('reminded_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'verbose_name': 'task',
                'verbose_name_plural': 'tasks',
            },
        ),
        migrations.AddField(
            model_name='presence',
            name='day',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name='AbsenceRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts', models.DateTimeField(verbose_name='from')),
                ('ends', models.DateTimeField(verbose_name='to')),
                ('reason', models.CharField(max_length=80, verbose_name='reason')),
                ('status', models.CharField(choices=[('asked', 'asked for'), ('approved', 'approved'), ('refused', 'refused'), ('withdrawn', 'withdrawn')], default='asked', max_length=9, verbose_name='status')),
                ('asked_at', models.DateTimeField(verbose_name='asked')),
                ('asked_by_name', models.CharField(max_length=150, verbose_name='asked by')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
                ('decided_by_name', models.CharField(blank=True, max_length=150, verbose_name='decided by')),
                ('answer', models.CharField(blank=True, max_length=200, verbose_name='answer')),
                ('version', models.PositiveIntegerField(default=1)),
                ('absence', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='request', to='planning.absence')),
                ('resource', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absence_requests', to='planning.resource')),
            ],
            options={
                'verbose_name': 'absence request',
                'verbose_name_plural': 'absence requests',
                'ordering': ['-starts', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Chain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('trigger', models.CharField(choices=[('opened', 'the activity opens'), ('closed', 'the activity closes'), ('task_closed', 'the task closes')], max_length=11, verbose_name='when')),
                ('unit', models.CharField(blank=True, choices=[('day', 'days'), ('week', 'weeks'), ('month', 'months')], max_length=5, verbose_name='recurrence')),
                ('every', models.PositiveSmallIntegerField(default=1, verbose_name='every')),
                ('free_days', models.CharField(choices=[('keep', 'stays'), ('before', 'the working day before'), ('after', 'the working day after'), ('skip', 'is left out')], default='after', max_length=6, verbose_name='free days')),
                ('base', models.CharField(choices=[('due', 'old due date'), ('closing', 'closing date')], default='due', max_length=7, verbose_name='counted from')),
                ('activity_type', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chains', to='planning.activitytype')),
                ('creates', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='planning.activitytype', verbose_name='creates')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team', verbose_name='team')),
            ],
            options={
                'verbose_name': 'chain',
                'verbose_name_plural': 'chains',
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Feed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('secret_hash', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(verbose_name='created')),
                ('read_at', models.DateTimeField(null=True, verbose_name='last read')),
                ('revoked_at', models.DateTimeField(null=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feeds', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team', verbose_name='team')),
            ],
            options={
                'verbose_name': 'calendar feed',
                'verbose_name_plural': 'calendar feeds',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='FreeTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts', models.DateTimeField()),
                ('ends', models.DateTimeField()),
                ('resource', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='free_times', to='planning.resource')),
                ('zone', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.zone')),
            ],
        ),
        migrations.CreateModel(
            name='PresencePattern',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.CharField(choices=[('day', 'days'), ('week', 'weeks'), ('month', 'months')], default='week', max_length=5, verbose_name='recurrence')),
                ('every', models.PositiveSmallIntegerField(default=1, verbose_name='every')),
                ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None, verbose_name='weekdays')),
                ('starts', models.TimeField(verbose_name='from')),
                ('ends', models.TimeField(verbose_name='to')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('generated_until', models.DateField(blank=True, null=True, verbose_name='generated until')),
                ('version', models.PositiveIntegerField(default=1)),
                ('resource', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='patterns', to='planning.resource')),
                ('zone', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='customers.zone', verbose_name='zone')),
            ],
            options={
                'verbose_name': 'presence pattern',
                'verbose_name_plural': 'presence patterns',
                'ordering': ['resource', 'starts_on', 'starts', 'id'],
            },
        ),
        migrations.AddField(
            model_name='presence',
            name='pattern',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='presences', to='planning.presencepattern'),
        ),
        migrations.AddConstraint(
            model_name='presence',
            constraint=models.UniqueConstraint(fields=('pattern', 'day'), name='presence_once_a_day'),
        ),
        migrations.AddField(
            model_name='task',
            name='activity_type',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='planning.activitytype', verbose_name='type'),
        ),
        migrations.AddField(
            model_name='task',
            name='branch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.branch', verbose_name='branch'),
        ),
        migrations.AddField(
            model_name='task',
            name='chain',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tasks', to='planning.chain'),
        ),
        migrations.AddField(
            model_name='task',
            name='customer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='customers.customer', verbose_name='customer'),
        ),
        migrations.AddField(
            model_name='task',
            name='follows',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='followers', to='planning.task'),
        ),
        migrations.AddField(
            model_name='task',
            name='owner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AddField(
            model_name='task',
            name='site',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='customers.site', verbose_name='site'),
        ),
        migrations.AddField(
            model_name='task',
            name='state',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='planning.activitystate', verbose_name='state'),
        ),
        migrations.AddField(
            model_name='task',
            name='team',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='accounts.team', verbose_name='team'),
        ),
        migrations.AddIndex(
            model_name='absencerequest',
            index=models.Index(condition=models.Q(('status', 'asked')), fields=['starts', 'id'], name='absence_request_open'),
        ),
        migrations.AddConstraint(
            model_name='absencerequest',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['asked', 'approved', 'refused', 'withdrawn'])), name='absence_request_status'),
        ),
        migrations.AddConstraint(
            model_name='absencerequest',
            constraint=models.CheckConstraint(condition=models.Q(('ends__gt', models.F('starts'))), name='absence_request_order'),
        ),
        migrations.AddConstraint(
            model_name='absencerequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('status', 'asked')), models.Q(models.Q(('status', 'asked'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='absence_request_decided'),
        ),
        migrations.AddConstraint(
            model_name='chain',
            constraint=models.CheckConstraint(condition=models.Q(('trigger__in', ['opened', 'closed', 'task_closed'])), name='chain_trigger_known'),
        ),
        migrations.AddConstraint(
            model_name='chain',
            constraint=models.CheckConstraint(condition=models.Q(('every__gte', 1), ('every__lte', 1000)), name='chain_every'),
        ),
        migrations.AddIndex(
            model_name='freetime',
            index=models.Index(fields=['resource', 'ends'], name='free_time_of_resource'),
        ),
        migrations.AddIndex(
            model_name='freetime',
            index=models.Index(fields=['starts'], name='free_time_by_start'),
        ),
        migrations.AddConstraint(
            model_name='freetime',
            constraint=models.CheckConstraint(condition=models.Q(('ends__gt', models.F('starts'))), name='free_time_order'),
        ),
        migrations.AddConstraint(
            model_name='presencepattern',
            constraint=models.CheckConstraint(condition=models.Q(('unit__in', ['day', 'week', 'month'])), name='pattern_unit_known'),
        ),
        migrations.AddConstraint(
            model_name='presencepattern',
            constraint=models.CheckConstraint(condition=models.Q(('every__gte', 1), ('every__lte', 1000)), name='pattern_every'),
        ),
        migrations.AddConstraint(
            model_name='presencepattern',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='pattern_days_order'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['owner', 'due_on', 'id'], name='task_to_do'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['team', 'due_on', 'id'], name='task_of_team'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['subject_kind', 'subject_id'], name='task_subject'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(condition=models.Q(('closed_at__isnull', True), ('remind_at__isnull', False), ('reminded_at__isnull', True)), fields=['remind_at'], name='task_to_remind'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.CheckConstraint(condition=models.Q(('category__in', ['open', 'planned', 'confirmed', 'under_way', 'done', 'missed', 'superseded', 'cancelled'])), name='task_category_known'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), ('closed_at__gte', models.F('created_at')), _connector='OR'), name='task_times'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.CheckConstraint(condition=models.Q(('owner__isnull', False), ('team__isnull', False), _connector='OR'), name='task_is_somebodys'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.UniqueConstraint(fields=('series', 'number'), name='task_number_unique'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.UniqueConstraint(fields=('chain', 'follows', 'due_on'), name='task_once_per_chain'),
        ),
    ]
