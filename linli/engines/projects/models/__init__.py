"""What somebody promised to do by a day, and the projects that such promises add up to."""

from linli.engines.projects.models.admissions import Admission
from linli.engines.projects.models.blockers import Ask, AskAnswer, Blocker, BlockerStep
from linli.engines.projects.models.nodes import Baseline, Node, NodeLink, Team, TeamUse
from linli.engines.projects.models.projects import (
    Project,
    ProjectClass,
    ProjectEvent,
    ProjectList,
    ProjectPhoto,
    Spending,
)
from linli.engines.projects.models.task_lists import TaskList, TaskSeries
from linli.engines.projects.models.tasks import Task, TaskEvent, TaskExtension, TaskFile, TaskHelper, TaskOrder, TaskTag

__all__ = [
    "Admission",
    "Ask",
    "AskAnswer",
    "Baseline",
    "Blocker",
    "BlockerStep",
    "Node",
    "NodeLink",
    "Project",
    "ProjectClass",
    "ProjectEvent",
    "ProjectList",
    "ProjectPhoto",
    "Spending",
    "Task",
    "TaskEvent",
    "TaskExtension",
    "TaskFile",
    "TaskHelper",
    "TaskList",
    "TaskOrder",
    "TaskSeries",
    "TaskTag",
    "Team",
    "TeamUse",
]
