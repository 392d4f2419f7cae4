"""Two people at one flat and one need at once: one step is done, the other is told."""

import pytest

from linli.interfaces.desk.tests.housing_help import enter_building
from linli.interfaces.desk.tests.visits_help import enter_target, enter_visit_form, open_round, send
from linli.programmes.housing import services
from linli.programmes.housing.models import Dossier, Step
from linli.programmes.housing.types import Opened, Origin
from linli.programmes.visits import services as visits
from linli.programmes.visits.models import Demand
from tests.races import at_once, one_wins

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.only_on("postgresql", reason="threads race there"),
]
ROOMS = [{"room": "客厅", "use": "living", "area": "20", "persons": 6}]


@pytest.fixture
def flat(transactional_db, world):
    return enter_building(world)[0]


def opened(world, flat):
    data = Opened(flat.uuid, Origin.DESK)
    return services.open_dossier(by=world.actor("shuji"), now=world.now, data=data)


def test_of_two_who_take_up_a_flat_one_does(world, flat):
    one_wins(at_once(lambda: opened(world, flat), lambda: opened(world, flat)))
    assert Dossier.objects.count() == 1


def test_of_two_officers_who_verify_one_does_and_the_other_is_told(world, flat):
    row = opened(world, flat)
    services.check_rooms(by=world.actor("chengguan"), now=world.now, uuid=row.uuid, rooms=ROOMS)
    other = {"chengguan": "chengguan2", "chengguan2": "chengguan"}

    def verify(who):
        return lambda: services.verify(
            by=world.actor(who), now=world.now, uuid=row.uuid, entry="consent", second_id=world.users[other[who]].pk
        )

    one_wins(at_once(verify("chengguan"), verify("chengguan2")))
    assert Step.objects.filter(dossier=row, verb="verify").count() == 1


def test_of_an_answer_and_a_refusal_of_one_need_one_stands(world, flat):
    enter_visit_form(world.now)
    shop = enter_target(world, "shop", "街角面馆")
    send(world, open_round(world, [shop]), shop, {"need_owner": "门口乱"})
    demand = Demand.objects.get()
    by, keeper = world.actor("chengguan"), world.actor("shuji")
    one_wins(
        at_once(
            lambda: visits.reply(by=by, now=world.now, uuid=demand.uuid, text="已整改", expected=demand.version),
            lambda: visits.drop(by=keeper, now=world.now, uuid=demand.uuid, reason="重复", expected=demand.version),
        )
    )
    assert Demand.objects.get().state in {"replied", "dropped"}
