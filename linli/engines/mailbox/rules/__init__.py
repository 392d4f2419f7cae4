"""Pure rules of mail: how a message is read, what of it is new, and which messages nobody wrote."""

from linli.engines.mailbox.rules.automatic import automatic, no_receipt, suspicious
from linli.engines.mailbox.rules.cutting import MOST_LINES, cut
from linli.engines.mailbox.rules.html import plain_text
from linli.engines.mailbox.rules.reading import read, read_headers
from linli.engines.mailbox.rules.subjects import bare_subject, is_answer, marks_in, uuids_of

__all__ = [
    "MOST_LINES",
    "automatic",
    "bare_subject",
    "cut",
    "is_answer",
    "marks_in",
    "no_receipt",
    "plain_text",
    "read",
    "read_headers",
    "suspicious",
    "uuids_of",
]
