"""Every kind of sheet: what is written out comes in again and changes nothing."""

import pytest

from linli.foundation.sheets import services
from linli.foundation.sheets.tests.steps import bring, counts, faults
from linli.foundation.sheets.types import KINDS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("code", sorted(KINDS))
def test_what_is_exported_comes_in_again_and_changes_nothing(world, code):
    by = world.actor("xitong")
    content = services.export(by=by, now=world.now, code=code)
    batch = bring(by, world.now, code, content)
    assert faults(batch) == {}
    assert counts(batch) == (0, 0, batch.total, 0)
