"""Writing words out: pieces through one life, channels, media, requests to take something down."""

from linli.programmes.publishing.services.articles import (
    begin_article,
    begun_from,
    correct_article,
    edit_article,
)
from linli.programmes.publishing.services.channels import load_shipped, save_channel
from linli.programmes.publishing.services.exchange import (  # fmt: skip
    Taken,
    cloud_rows,
    fault_words,
    read_file,
    take_in,
    to_cells,
    to_json,
)
from linli.programmes.publishing.services.issues import begin_issue, edit_issue, next_number
from linli.programmes.publishing.services.linking import link_to
from linli.programmes.publishing.services.media import (
    PURPOSE,
    add_media,
    check_media,
    edit_media,
    withdraw_media,
)
from linli.programmes.publishing.services.methods import begin_method, edit_method
from linli.programmes.publishing.services.pieces import approve, drop, hand_in, send_back, take_back
from linli.programmes.publishing.services.pleas import Filed, answer_plea, file_plea, hide, note_seen
from linli.programmes.publishing.services.releasing import note_release, release, restore, take_off, withdraw
from linli.programmes.publishing.services.reports import begin_report, edit_report

__all__ = [
    "PURPOSE",
    "Filed",
    "Taken",
    "add_media",
    "answer_plea",
    "approve",
    "begin_article",
    "begin_issue",
    "begin_method",
    "begin_report",
    "begun_from",
    "check_media",
    "cloud_rows",
    "correct_article",
    "drop",
    "edit_article",
    "edit_issue",
    "edit_media",
    "edit_method",
    "edit_report",
    "fault_words",
    "file_plea",
    "hand_in",
    "hide",
    "link_to",
    "load_shipped",
    "next_number",
    "note_release",
    "note_seen",
    "read_file",
    "release",
    "restore",
    "save_channel",
    "send_back",
    "take_back",
    "take_in",
    "take_off",
    "to_cells",
    "to_json",
    "withdraw",
    "withdraw_media",
]
