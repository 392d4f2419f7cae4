from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from linli.foundation.jobs.rules import LONGEST_WAIT, backoff, next_period

times = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
periods = st.integers(1, 86_400 * 31).map(lambda s: timedelta(seconds=s))


@given(times, periods)
def test_the_next_period_is_later_and_near(after, every):
    following = next_period(after, every)
    assert after < following <= after + every
    assert next_period(following, every) == following + every


def test_a_daily_schedule_fires_at_midnight_in_china():
    assert next_period(datetime(2026, 3, 2, 9, tzinfo=UTC), timedelta(days=1)) == datetime(2026, 3, 2, 16, tzinfo=UTC)


@given(st.integers(1, 1000), st.floats(0, 0.999))
def test_backoff_grows_to_a_limit(attempts, luck):
    assert timedelta(0) < backoff(attempts, luck) <= LONGEST_WAIT * 1.25
    assert backoff(attempts, luck) <= backoff(attempts + 1, luck)
