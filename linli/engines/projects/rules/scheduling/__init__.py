"""Schedules: from the first day and back from the deadline, with teams and rain, and anew after a slip.

The public face of the rules; everything is pure. OR-Tools is loaded when a plan with teams first needs it.
"""

from linli.engines.projects.rules.scheduling.calendars import Axis, ProvisionalCalendar, worked_days
from linli.engines.projects.rules.scheduling.checks import check, find_circle
from linli.engines.projects.rules.scheduling.critical import critical_path
from linli.engines.projects.rules.scheduling.lights import Standing, expected_percent, light_of, light_of_project
from linli.engines.projects.rules.scheduling.replanning import replan, slipped
from linli.engines.projects.rules.scheduling.resourced import schedule

__all__ = [
    "Axis",
    "ProvisionalCalendar",
    "Standing",
    "check",
    "critical_path",
    "expected_percent",
    "find_circle",
    "light_of",
    "light_of_project",
    "replan",
    "schedule",
    "slipped",
    "worked_days",
]
