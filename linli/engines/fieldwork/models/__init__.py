"""The tables of fieldwork: what is visited, the rounds, what was sent in, what was found."""

from linli.engines.fieldwork.models.findings import Finding, FindingEvent, Watch, WatchReport
from linli.engines.fieldwork.models.media import FormMedia
from linli.engines.fieldwork.models.parts import Part
from linli.engines.fieldwork.models.phones import Deed, Phone
from linli.engines.fieldwork.models.proposals import RoundProposal
from linli.engines.fieldwork.models.rounds import Attempt, Round, Visit
from linli.engines.fieldwork.models.submissions import Submission, SubmissionFile
from linli.engines.fieldwork.models.tallies import RoundDay, RoundTally, RoundUnit, SubmissionUnit, TargetTally
from linli.engines.fieldwork.models.targets import Fact, Kind, Target

__all__ = [
    "Attempt",
    "Deed",
    "Fact",
    "Finding",
    "FindingEvent",
    "FormMedia",
    "Kind",
    "Part",
    "Phone",
    "Round",
    "RoundDay",
    "RoundProposal",
    "RoundTally",
    "RoundUnit",
    "Submission",
    "SubmissionFile",
    "SubmissionUnit",
    "Target",
    "TargetTally",
    "Visit",
    "Watch",
    "WatchReport",
]
