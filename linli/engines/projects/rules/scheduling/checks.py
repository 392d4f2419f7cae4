"""What must hold of a network before anything is computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from linli.engines.projects.rules.scheduling.errors import (
    CircleError,
    NumberError,
    TooFewError,
    TwiceError,
    UnknownKeyError,
)
from linli.engines.projects.rules.scheduling.types import Activity, Dependency, Network, Resource

MOST_DAYS = 3_650
_FULL = 100


def find_circle(keys: Iterable[str], dependencies: Iterable[Dependency]) -> tuple[str, ...]:
    """Return the keys of one circle in order, each waiting for the one before it; empty if there is none."""
    after: dict[str, list[str]] = {key: [] for key in keys}
    for dependency in dependencies:
        after.setdefault(dependency.before, []).append(dependency.after)
        after.setdefault(dependency.after, [])
    seen: set[str] = set()
    for root in after:
        circle = _walk(root, after, seen)
        if circle:
            return circle
    return ()


def _walk(root: str, after: Mapping[str, list[str]], seen: set[str]) -> tuple[str, ...]:
    """Go down from ``root`` without recursion; return the circle met, if any."""
    path: dict[str, int] = {}
    stack = [(root, iter(after[root]))] if root not in seen else []
    seen.add(root)
    path[root] = 0
    while stack:
        key, rest = stack[-1]
        child = next(rest, None)
        if child is None:
            stack.pop()
            del path[key]
        elif child in path:
            return tuple(path)[path[child] :]
        elif child not in seen:
            seen.add(child)
            path[child] = len(path)
            stack.append((child, iter(after[child])))
    return ()


def check(network: Network) -> None:
    """Refuse a network that cannot be computed.

    Raises:
        TwiceError: a key stands twice.
        UnknownKeyError: a dependency or demand points nowhere.
        NumberError: a number or a pair of days is out of bounds.
        TooFewError: an activity needs more of a resource than there is on an ordinary day.
        CircleError: activities wait for each other in a circle.
    """
    keys = [a.key for a in network.activities]
    names = {a.key: a.title or a.key for a in network.activities}
    resources = {r.key: r for r in network.resources}
    _once(keys)
    _once([r.key for r in network.resources])
    for resource in network.resources:
        if resource.capacity < 0 or any(units < 0 for units in resource.exceptions.values()):
            raise NumberError(resource.key, resource.title, "capacity")
    for activity in network.activities:
        _check_numbers(activity)
        _check_demands(activity, resources)
    for dependency in network.dependencies:
        _check_dependency(dependency, names)
    circle = find_circle(keys, network.dependencies)
    if circle:
        raise CircleError(circle, tuple(names[key] for key in circle))


def _check_dependency(dependency: Dependency, names: Mapping[str, str]) -> None:
    for key in (dependency.before, dependency.after):
        if key not in names:
            raise UnknownKeyError(key)
    if abs(dependency.lag) > MOST_DAYS:
        raise NumberError(dependency.after, names[dependency.after], "lag")


def _once(keys: Sequence[str]) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise TwiceError(key)
        seen.add(key)


def _check_numbers(activity: Activity) -> None:
    wrong = ""
    if not 0 <= activity.duration <= MOST_DAYS:
        wrong = "duration"
    elif not 0 <= activity.percent <= _FULL:
        wrong = "percent"
    elif activity.started and activity.finished and activity.finished < activity.started:
        wrong = "finished"
    if wrong:
        raise NumberError(activity.key, activity.title, wrong)


def _check_demands(activity: Activity, resources: Mapping[str, Resource]) -> None:
    for key, units in activity.demands.items():
        if key not in resources:
            raise UnknownKeyError(key)
        if units < 0:
            raise NumberError(activity.key, activity.title, "demands")
        resource = resources[key]
        if units > resource.capacity and activity.duration and not activity.finished:
            raise TooFewError(
                key=activity.key,
                title=activity.title or activity.key,
                resource=resource.title or key,
                needed=units,
                capacity=resource.capacity,
            )
