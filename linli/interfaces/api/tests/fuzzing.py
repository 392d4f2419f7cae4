"""schemathesis over the API: every operation, tokens of each role, a real server; and whose rows come out."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS, load_all_checks

from linli.engines.alerts import services as alerts
from linli.engines.alerts.models import Alert
from linli.engines.alerts.tests.scenes import CITY, message
from linli.engines.cases import services
from linli.engines.cases.models import Case, Consultation
from linli.engines.cases.permissions import visible
from linli.engines.cases.types import Report, Source
from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.models import Target
from linli.engines.fieldwork.tests.scenes import enter_form
from linli.engines.fieldwork.types import TargetData
from linli.foundation.venues.models import Venue
from tools import openapi

WALKERS = (
    "dispatcher", "shift_leader", "street_leader", "supervisor", "grid_head", "grid_head!", "neighbourhood_secretary",
    "neighbourhood_secretary!", "community_worker!", "microgrid_head", "inspector", "unit_handler", "unit_handler!",
    "unit_head", "contractor!", "resident", "system_admin", "audit_admin",
)  # fmt: skip
_WANTED = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
    "response_headers_conformance",
)  # fmt: skip
_PLACES = ("陶家宅", "华一")


@dataclass
class Asked:
    """What a run asked and what it was answered."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    rows: int = 0
    walkers: Counter[str] = field(default_factory=Counter)

    @property
    def asked(self) -> int:
        return sum(self.answers.values())

    def words(self, day: str) -> str:
        """Return what a long run found, for the reference."""
        names = sorted({name for name, _status in self.answers})
        statuses = sorted({status for _name, status in self.answers})
        lines = [
            f"{self.asked:,} requests on {day}, with tokens of {len(self.walkers)} people of every role, against a real"
            f" server; checks: {', '.join(_WANTED)}. No fault (5xx), no answer that the document does not name;"
            f" {self.rows:,} rows of cases came out, each of them within the scope of who asked.",
            "",
            "| operation | " + " | ".join(map(str, statuses)) + " |",
            "|---|" + "---:|" * len(statuses),
        ]
        lines += [
            f"| {name} | " + " | ".join(str(self.answers[name, s] or "") for s in statuses) + " |" for name in names
        ]
        return "\n".join(lines) + "\n"


@schemathesis.serializer("application/x-ndjson", "application/cap+xml")
def _lines(_context: Any, value: Any) -> bytes:
    """Send what was made as it is: lines of text, mostly no JSON."""
    return value if isinstance(value, bytes) else str(value).encode("utf8", "replace")


def fill(site: Any) -> list[str]:
    """Enter cases of several kinds in two neighbourhoods; return the number of every case."""
    by, now = site.stage.actor("dispatcher"), site.world.now
    for place in _PLACES:
        for category in ("street_lamp", "other"):
            for dispatch in (False, True):
                report = Report(
                    text="楼下有问题，请处理",
                    category=category,
                    area_id=site.world.areas[place].pk,
                    source=Source.PHONE,
                )
                services.report(by=by, now=now, report=report, dispatch=dispatch)
    return list(Case.objects.order_by("id").values_list("number", flat=True))


def lay(site: Any) -> dict[str, Any]:
    """Enter a warning, a ledger with targets and a consultation; return what paths may name, by its place in them."""
    by, now = site.stage.actor("shift_leader"), site.world.now
    alerts.take(by=by, now=site.at, message=message(site.at, "A1"))
    fieldwork.load_shipped(now=now)
    enter_form(now)
    for n in range(3):
        data = TargetData("shop", f"便利店 {n}", number=f"S-{n}", address=f"长宁路 {n} 号",
                          area_id=site.world.areas[_PLACES[n % 2]].pk, facts={"trade": "retail"})  # fmt: skip
        fieldwork.add_target(by=by, now=now, data=data, double_ok=True)
    case = Case.objects.order_by("id")[0]
    talk = Consultation.objects.create(
        title="协商", level=case.level, held_at=now, called_label=by.label, called_at=now
    )
    return {
        "/alerts/{uuid}": ("uuid", list(Alert.objects.values_list("uuid", flat=True))),
        "/consultations/{uuid}": ("uuid", [talk.uuid]),
        "/venues/{uuid}": ("uuid", list(Venue.objects.values_list("uuid", flat=True))),
        "/targets/{uuid}": ("uuid", list(Target.objects.values_list("uuid", flat=True))),
        "/ledgers/{code}": ("code", ["shop", "home"]),
        "/figures/{code}": ("code", ["intake", "on_time"]),
        "/rules/{code}": ("code", ["accounts.token_days", "alerts.told"]),
    }


def checks() -> list[Any]:
    """Return schemathesis' checks that hold whatever was sent."""
    load_all_checks()
    return CHECKS.get_by_names(list(_WANTED))


def numbers_in(operation: str, answer: Any) -> set[str]:
    """Return the cases that an answer shows."""
    kind = str(answer.headers.get("content-type", ""))
    if answer.status_code != 200 or "json" not in kind or "ndjson" in kind:
        return set()
    found = answer.json()
    if operation in {"listCases", "listFigureRows"}:
        return {row["number"] for row in found["results"]}
    if operation == "getCase" or operation.startswith("act_"):
        return {found["number"]}
    if operation == "getFile":
        return {found["case"]} - {None} if found.get("case") else set()
    return set(found["cases"]) if operation == "getConsultation" else set()


class Fuzzer:
    """One run over one server."""

    def __init__(self, site: Any, url: str, *, examples: int, acts: int) -> None:
        self.site, self.url, self.examples, self.acts = site, url, examples, acts
        self.numbers = fill(site)
        self.known = lay(site)
        self.secrets = {w: site.secret(w) for w in WALKERS}
        self.schema = schemathesis.openapi.from_dict(json.loads(openapi.PATH.read_text(encoding="utf8")))
        self.checks = checks()
        self.chance = random.Random(20260310)
        self.report = Asked()

    def run(self) -> Asked:
        """Ask every operation; say all that is wrong at the end."""
        wrong: list[str] = []
        for result in self.schema.get_all_operations():
            operation = result.ok()
            try:
                self._operation(operation)
            except BaseExceptionGroup as found:
                wrong += [f"{operation.label}: {e}" for e in found.exceptions]
            except AssertionError as found:
                wrong.append(f"{operation.label}: {found}")
        assert not wrong, "\n".join(wrong)
        return self.report

    def _operation(self, operation: Any) -> None:
        name = operation.definition.raw["operationId"]

        often = self.acts if name.startswith("act_") else self.examples

        @settings(
            max_examples=often, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            # Not hypothesis' to choose: it would begin with the first of each, again and again.
            walker, number = self.chance.choice(WALKERS), self.chance.choice([*self.numbers, "P-none"])
            self._ask(name, case, walker, number, stale=self.chance.random() < 0.2)

        ask()

    def _ask(self, name: str, case: Any, walker: str, number: str, *, stale: bool) -> None:
        headers = {"Authorization": f"Bearer {self.secrets[walker]}"}
        if "number" in case.path_parameters:
            case.path_parameters["number"] = number
        self._name_what_is_there(name, case)
        if name == "listCases" and self.chance.random() < 0.5:
            case.query = {}  # what was made up leaves no row nearly always
        if name.startswith("act_"):
            headers["If-Match"] = '"99"' if stale else "*"
        answer = case.call(base_url=f"{self.url}", headers=headers, timeout=30)
        self.report.answers[name, answer.status_code] += 1
        self.report.walkers[walker] += 1
        case.validate_response(answer, checks=self.checks)
        shown = numbers_in(name, answer)
        if shown:
            allowed = visible(self.site.stage.actor(walker)).filter(number__in=shown)
            assert set(allowed.values_list("number", flat=True)) == shown, (walker, name)
            self.report.rows += len(shown)

    def _name_what_is_there(self, name: str, case: Any) -> None:
        """Let most paths name something that there is; what is made up is not there nearly always."""
        if self.chance.random() < 0.2:
            return
        for part, (parameter, values) in self.known.items():
            if part in case.operation.path and parameter in case.path_parameters:
                case.path_parameters[parameter] = str(self.chance.choice(values))
        if name == "noteAlert" and self.chance.random() < 0.6:
            case.body = {"sender": CITY, "identifier": "A1"}
        if name == "sendAlert" and self.chance.random() < 0.5:
            said = {"hazard": "rain", "colour": "blue", "headline": "暴雨蓝色预警", "sent": self.site.at.isoformat()}
            case.body = {"sender": CITY, "identifier": f"F{self.report.asked}", **said}
