import base64
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from linli.foundation.accounts.models import Session
from linli.foundation.core.errors import InvalidError
from linli.foundation.core.paging import decode_cursor, encode_cursor, keyset

BEGIN = datetime(2026, 11, 21, tzinfo=UTC)
KEYS = [("expire_date", datetime), ("session_key", str)]


class Pages(TestCase):
    @settings(max_examples=30, deadline=None)
    @given(
        st.dictionaries(st.text(alphabet="abc019", min_size=1, max_size=5), st.integers(0, 3), max_size=25),
        st.integers(1, 7),
        st.booleans(),
    )
    def test_the_pages_are_the_whole_list_in_order(self, rows, size, descending):
        Session.objects.bulk_create(
            [
                Session(
                    session_key=k,
                    session_data="",
                    expire_date=BEGIN + timedelta(microseconds=v),
                    created_at=BEGIN,
                    last_seen_at=BEGIN,
                )
                for k, v in rows.items()
            ]
        )
        order = ["-expire_date", "-session_key"] if descending else ["expire_date", "session_key"]
        whole = list(Session.objects.order_by(*order).values_list("session_key", flat=True))
        read, cursor = [], ""
        for _page in range(len(rows) + 1):
            page = keyset(Session.objects.all(), keys=KEYS, cursor=cursor, size=size, descending=descending)
            assert len(page.rows) <= size
            assert page.previous == bool(cursor)
            read += [r.session_key for r in page.rows]
            cursor = page.next
            if not cursor:
                break
        assert read == whole


@given(st.datetimes(timezones=st.just(UTC)), st.integers(-(2**63), 2**63 - 1), st.text(alphabet="ab𠮷'\"", max_size=9))
def test_cursors_come_back(moment, number, text):
    assert decode_cursor(encode_cursor([moment, number, text]), [datetime, int, str]) == [moment, number, text]


@pytest.mark.parametrize(
    "values",
    [
        [],
        [1],
        {"a": 1},
        5,
        None,
        [None, "x"],
        ["yesterday", "x"],
        ["2026-11-21T00:00:00", "x"],
        [1, 2],
        ["2026-11-21T00:00:00Z", "\0"],
        "x",
    ],
)
def test_cursors_written_by_hand_are_refused(values):
    cursor = base64.urlsafe_b64encode(json.dumps(values).encode()).decode()
    with pytest.raises(InvalidError):
        decode_cursor(cursor, [datetime, str])


@pytest.mark.parametrize("raw", ["1e999", "99999999999999999999999", "true", '"7"', "[" * 100_000, '"\\ud800"'])
def test_numbers_that_no_row_has_are_refused(raw):
    cursor = base64.urlsafe_b64encode(f"[{raw}]".encode()).decode()
    with pytest.raises(InvalidError):
        decode_cursor(cursor, [int])


@given(st.text(max_size=40))
def test_any_cursor_is_read_or_refused(text):
    with suppress(InvalidError):
        assert isinstance(decode_cursor(text, [int])[0], int)
