"""Two who wait for each other both get done; what fails for another reason is told at once."""

import threading

import pytest
from django.db import connection, transaction

from linli.foundation.core.db.again import again
from linli.foundation.rulebook.models import RuleEntry
from tests.races import at_once


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_on("postgresql", reason="SQLite lets one writer in at a time")
def test_two_who_wait_for_each_other_both_get_done(world):
    first, second = RuleEntry.objects.order_by("pk").values_list("pk", flat=True)[:2]
    both_have_one = threading.Barrier(2)
    begun = []

    def act(rows):
        @again
        def work():
            begun.append(rows)
            with transaction.atomic():
                RuleEntry.objects.select_for_update().get(pk=rows[0])
                if len(begun) <= 2:
                    both_have_one.wait(10)
                RuleEntry.objects.select_for_update().get(pk=rows[1])
            return rows

        return work

    assert at_once(act((first, second)), act((second, first))) == [(first, second), (second, first)]
    assert len(begun) == 3, "one was given up once"


@pytest.mark.django_db(transaction=True)
def test_another_fault_is_told_at_once():
    begun = []

    @again
    def work():
        begun.append(1)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM no_such_table")

    with pytest.raises(Exception, match="no_such_table") as told:
        work()
    assert len(begun) == 1
    assert not isinstance(told.value, AssertionError)
