"""The demonstration's tasks: each way that a task can stand is there, and nothing is left to be done."""

import pytest

from linli.engines.projects.models import Task, TaskExtension, TaskList, TaskOrder, TaskSeries
from linli.foundation.jobs.models import Job
from linli.foundation.messages.models import Message
from linli.interfaces.cli.demo import load
from linli.interfaces.cli.demo.tasks import load_tasks

pytestmark = pytest.mark.django_db


def test_tasks_of_a_street_some_weeks_into_their_lives(world):
    with load._one_batch():
        load_tasks(world.users, world.units, world.now)
    assert set(Task.objects.values_list("standing", flat=True)) >= {"given", "working", "handed_in"}
    assert Task.objects.filter(was_overdue=True).exists()
    assert TaskOrder.objects.filter(replied_at__isnull=False, concluded_at=None).count() == 1
    assert TaskExtension.objects.filter(decision="").count() == 1
    assert (TaskList.objects.count(), TaskSeries.objects.count()) == (1, 2)
    assert not Job.objects.filter(due_at__lte=world.now, state="pending").exists()
    assert Message.objects.filter(template="projects.task_given").exists()
