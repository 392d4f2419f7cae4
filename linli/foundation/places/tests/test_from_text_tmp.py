import pytest, sys, os
from linli.foundation.places import selectors
from linli.foundation.places.types import Audience
pytestmark = pytest.mark.django_db
def test_show(world):
    from linli.interfaces.cli.demo.venues import load_venues
    load_venues(world.units and {**world.units}, world.areas, world.now)
    from linli.foundation.places.selectors import from_text
    day = world.now.date()
    g = from_text.gazetteer(day)
    print({k:len(v) for k,v in g.along.items()}, [(sorted(k), [g.areas[a].name for a in c.areas]) for k,c in g.crossings.items()])
    print([p for p in g.refs.values() if p.ref.startswith('park')])
    import time
    for line in __import__('pathlib').Path('/tmp/pl/try.txt').read_text(encoding='utf8').splitlines():
        line=line.strip()
        r = selectors.read_text(line, on=day)
        print(line, '=>', f"{r.certain.place.label} {r.certain.confidence} {[str(x) for x in r.certain.reasons]} «{r.certain.phrase}»" if r.certain else None, 'ASK', [(c.place.label, c.confidence, c.phrase) for c in r.asked])
    t=time.perf_counter()
    for _ in range(50): selectors.read_text('我家住在陶家宅小区，反映安西路235弄12号302室楼上漏水'*10, on=day)
    print((time.perf_counter()-t)/50*1000,'ms')

    import csv
    from linli.foundation.places.rules.scoring import phrases_of, score, Answer
    for f in ('linli/interfaces/cli/demo/data/place_phrases.csv', '/tmp/pl/more.csv'):
        rows = csv.DictReader(__import__('pathlib').Path(f).read_text(encoding='utf8').splitlines())
        sc = score(phrases_of(rows), lambda t: selectors.read_text(t, on=day))
        print('PREC', sc.precision, 'REC', sc.recall, sc.rate(Answer.ASKED), sc.rate(Answer.NONE), len(sc.outcomes))
        for o in sc.wrong:
            r=o.reading
            print('WRONG', o.phrase.text, o.phrase.answer, o.phrase.areas, '->', o.given, r.certain and (r.certain.place.label, r.certain.confidence), [(c.place.label, c.confidence, c.phrase) for c in r.asked])
