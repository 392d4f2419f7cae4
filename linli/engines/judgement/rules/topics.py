"""What many people write about at once: messages of one matter put together, however each names the place.

Messages are likened by the short runs of characters that are rare among all (names of places,
companies, cases), titles weighing more. Groups grow by average likeness, and of each tree of
groups those are taken, from the top down, in which most share a rare *name* and most share a
*matter* beside it: a place that has two matters comes apart, two words for a place stay together.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

_WORD = re.compile(r"[^\W_]+")
_BODY = 400
_TRIES = 6
_FEW = 20  # a run that so few messages have is rare, however few messages there are


@dataclass(frozen=True, slots=True)
class Message:
    """One message.

    Attributes:
        person: tells people apart without naming them. place: the area it lies in. people: for how many it speaks.
    """

    id: str
    title: str
    text: str
    at: datetime
    person: str
    place: str = ""
    people: int = 1


@dataclass(frozen=True, slots=True)
class Options:
    """What the grouping turns on.

    Attributes:
        rare: share of all messages above which a run of characters likens nothing.
        joined: average likeness at which groups still grow together.
        edge: likeness below which two messages do not hold to each other at all.
        shared: share of a topic's messages that must have the name, and the matter.
        own: share of a name's messages that must lie in the topic.
        matter: share of all messages above which a run of characters says nothing of a matter.
        titles: share of a topic's titles that must share a word of the matter.
        least: fewest people of a topic. title: how much of the likeness is that of the titles.
        close: average likeness of a topic's messages when the name is left out of them.
        member: likeness to the others, without the name, below which a message is none of them.
    """

    rare: float = 0.03
    joined: float = 0.1
    edge: float = 0.12
    shared: float = 0.6
    own: float = 0.5
    matter: float = 0.08
    titles: float = 0.4
    least: int = 3
    title: float = 0.4
    close: float = 0.035
    member: float = 0.015


@dataclass(frozen=True, slots=True)
class Topic:
    """Messages of one matter, oldest first, with the words that name it and what it is ranked by.

    Attributes:
        days: on how many days. places: in how many areas. recent, earlier: people in the two halves of the period.
        heat: 0 to 1, the rank.
    """

    ids: tuple[str, ...]
    words: tuple[str, ...]
    title: str
    people: int
    days: int
    places: int
    first: datetime
    last: datetime
    recent: int
    earlier: int
    heat: float

    @property
    def growth(self) -> float:
        """How the second half of the period stands to the first: 1 is even."""
        return (self.recent + 1) / (self.earlier + 1)


def plain(text: str) -> str:
    """Return ``text`` without marks and blanks, folded."""
    return "".join(_WORD.findall(unicodedata.normalize("NFKC", text).lower()))


def grams(text: str) -> set[str]:
    """Return the runs of two and three characters of ``text``."""
    return {text[i : i + n] for n in (2, 3) for i in range(len(text) - n + 1)}


def _weighed(docs: Sequence[Iterable[str]], rare: float) -> tuple[Any, dict[str, int]]:
    """Return a matrix of unit rows, one column a run that at least two and not too many have, and their columns."""
    import numpy as np  # noqa: PLC0415  heavy: only where topics are looked for
    from scipy.sparse import csr_matrix  # noqa: PLC0415

    have = Counter(g for doc in docs for g in doc)
    most = max(8.0, rare * len(docs))
    known = {g: i for i, g in enumerate(sorted(g for g, n in have.items() if 2 <= n <= most))}
    rows, columns, values = [], [], []
    for r, doc in enumerate(docs):
        found = [(known[g], math.log(len(docs) / have[g]) + 1) for g in doc if g in known]
        length = math.sqrt(sum(v * v for _c, v in found)) or 1.0
        for c, v in found:
            rows.append(r)
            columns.append(c)
            values.append(v / length)
    shape = (len(docs), max(1, len(known)))
    return csr_matrix((np.array(values, dtype=np.float32), (rows, columns)), shape=shape), known


def _groups(likeness: Any, options: Options) -> Iterable[tuple[list[int], Any]]:
    """Return (members, tree) for each set of messages that hold together."""
    import numpy as np  # noqa: PLC0415
    from scipy.cluster.hierarchy import linkage, to_tree  # noqa: PLC0415
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415
    from scipy.spatial.distance import squareform  # noqa: PLC0415

    edges = likeness.copy()
    edges.data[edges.data < options.edge] = 0
    edges.eliminate_zeros()
    _count, labels = connected_components(edges, directed=False)
    members = defaultdict(list)
    for i, label in enumerate(labels):
        members[label].append(i)
    for group in members.values():
        if len(group) < options.least:
            continue
        far = 1 - likeness[group][:, group].toarray()
        far = np.maximum(0, (far + far.T) / 2)
        np.fill_diagonal(far, 0)
        yield group, to_tree(linkage(squareform(far, checks=False), "average"))


def _whole(name: str, texts: Sequence[str]) -> str:
    """Return ``name`` with the characters that mostly stand beside it: 金贷款 is the end of 公积金贷款."""
    for _again in range(8):
        before = Counter(t[m.start() - 1] for t in texts for m in re.finditer(re.escape(name), t) if m.start())
        after = Counter(t[m.end()] for t in texts for m in re.finditer(re.escape(name), t) if m.end() < len(t))
        grown = name
        for beside, left in ((before, True), (after, False)):
            total = beside.total()
            mark, n = beside.most_common(1)[0] if beside else ("", 0)
            if mark.strip() and n >= 0.6 * total and total > 1:
                grown = mark + grown if left else grown + mark
        if grown == name:
            break
        name = grown
    return name


@dataclass(frozen=True, slots=True)
class _Corpus:
    """The plain texts, which runs each has, and how many have each."""

    texts: list[str]
    runs: list[set[str]]
    have: Counter[str]
    said: dict[str, int]
    named: list[frozenset[str]]
    rows: Any
    columns: dict[str, int]

    def likeness(self, members: Sequence[int], name: str) -> Any:
        """Return how like each of ``members`` is to the others when the runs of ``name`` are left out."""
        import numpy as np  # noqa: PLC0415

        table = self.rows[members]
        left_out = [self.columns[g] for g in grams(name) if g in self.columns]
        table = table[:, np.setdiff1d(table.indices, left_out)]
        own = np.asarray(table.multiply(table).sum(axis=1)).ravel()
        length = np.maximum(np.sqrt(own), 1e-9)
        every = np.asarray(table.T @ (1 / length)).ravel()
        return ((table @ every) / length - own / length**2) / max(1, len(members) - 1)

    def places(self, members: Sequence[int]) -> tuple[list[list[int]], list[int]]:
        """Return ``members`` by the place that their titles name, most first, and those that name none.

        A place that one title names and another message speaks of anywhere joins the two.
        """
        named = [i for i in members if self.named[i]]
        have = {n: {j for j in members if n in self.texts[j]} for n in set().union(*(self.named[i] for i in named))}
        above = {i: i for i in named}

        def root(i: int) -> int:
            while above[i] != i:
                i = above[i]
            return i

        for i in named:
            for j in set().union(*(have[name] for name in self.named[i])) & above.keys():
                above[root(j)] = root(i)
        found = defaultdict(list)
        for i in named:
            found[root(i)].append(i)
        groups = sorted(found.values(), key=lambda group: (-len(group), group))
        told = [set().union(*(have[name] for i in group for name in self.named[i])) for group in groups]
        rest: list[int] = []
        for i in (i for i in members if not self.named[i]):
            next((group for group, said in zip(groups, told, strict=True) if i in said), rest).append(i)
        return groups, rest

    def _telling(self, shared: Counter[str], most: float) -> str:
        """Return the run that tells most of those shared; empty for none."""
        size = len(self.runs)
        known = [g for g in shared if 0 < self.have[g] <= max(_FEW, most * size)]
        return max(known, key=lambda g: (shared[g] * math.log(size / self.have[g] + 1), len(g), g), default="")

    def words(self, members: Sequence[int], options: Options) -> tuple[str, ...]:
        """Return the name and the matter that most of ``members`` share, empty if they do not make one topic.

        What stands within a few characters of the name is a part of it: the matter must be said elsewhere,
        and in some of the titles.
        """
        inside = Counter(g for i in members for g in self.runs[i])
        wanted = max(2.0, options.shared * len(members))
        names = Counter({g: n for g, n in inside.items() if n >= wanted and n >= options.own * self.have[g]})
        tried: set[str] = set()
        for _again in range(_TRIES):
            run = self._telling(names, 1.0)
            if not run:
                return ()
            del names[run]
            name = _whole(run, [self.texts[i] for i in members])
            if name in tried or not self._owned(name, members, options):
                tried.add(name)
                continue
            tried.add(name)
            if matter := self._matter(name, members, wanted, options):
                return name, matter
        return ()

    def _owned(self, name: str, members: Sequence[int], options: Options) -> bool:
        """Return whether ``name`` is said in most of ``members`` and seldom elsewhere."""
        if name not in self.said:
            self.said[name] = sum(name in text for text in self.texts)
        here = sum(name in self.texts[i] for i in members)
        return here >= 0.5 * len(members) and here >= options.own * self.said[name]

    def _matter(self, name: str, members: Sequence[int], wanted: float, options: Options) -> str:
        near = re.compile(".{0,4}" + re.escape(name) + ".{0,4}", re.DOTALL)
        rest = Counter(g for i in members for g in set().union(*map(grams, near.split(self.texts[i]))))
        beside = Counter({g: n for g, n in rest.items() if n >= wanted and not set(g) & set(name)})
        close = re.compile(".{0,2}" + re.escape(name) + ".{0,2}")
        heads = [close.split(self.texts[i].split("\n")[0]) for i in members]
        titles = Counter(g for parts in heads for g in set().union(*map(grams, parts)))
        least = options.titles * len(members)
        titled = Counter({g: n for g, n in titles.items() if n >= least and not set(g) & set(name)})
        return self._telling(beside, options.matter) if self._telling(titled, options.matter * 0.6) else ""


# What places are called, with two characters of the name or its letters and figures before.
_PLACE = re.compile(
    r"(?=((?:[\u4e00-\u9fff]{2}|(?<![a-z\d])[a-z\d]{1,4})"
    r"(?:小区|花园|家园|公寓|公馆|广场|公园|街道|社区|[苑园城府湾庭邸居村镇乡街巷弄里桥湖山区县市站院]|路(?![灯面况边人]))))"
)
_NO_NAME = re.compile(r"[的本该我们个各某附近旁边临沿是有这那每多此和与及从到在由了为小对请校区县镇乡村街]")


def _named(titles: Sequence[str], texts: Sequence[str], rare: float) -> list[frozenset[str]]:
    """Return for each title the endings of the names of places in it, without those that many messages have."""
    found = [{n for n in _PLACE.findall(plain(title)) if not _NO_NAME.search(n[:2])} for title in titles]
    have = Counter(n for names in found for n in names)
    most = max(8.0, rare * len(titles))
    return [frozenset(n for n in names if have[n] <= most) for names in found]


def _matters(
    members: Sequence[int], words: tuple[str, ...], corpus: _Corpus, options: Options
) -> Iterable[tuple[list[int], tuple[str, ...]]]:
    """Return (members, words) of the topics that ``members`` make: none, one, or one for each place they name.

    Where most titles name a place, who names another one is none of the topic; who names none belongs to the place
    that most name, or to nothing.
    """
    groups, rest = corpus.places(members)
    placed = sum(len(group) for group in groups)
    parts = [list(members)]
    if 2 * placed >= len(members):
        one = len(groups[0]) >= options.shared * placed
        parts = [groups[0] + rest, *groups[1:]] if one else groups
    for part in parts:
        said = words if len(part) == len(members) else corpus.words(part, options)
        if len(part) < options.least or not said:
            continue
        alike = corpus.likeness(part, said[0])
        near = [i for i, value in zip(part, alike, strict=True) if value >= options.member]
        if len(near) >= options.least and float(corpus.likeness(near, said[0]).mean()) >= options.close:
            yield near, said


def _taken(node: Any, group: Sequence[int], corpus: _Corpus, options: Options) -> Iterable[tuple[list[int], Any]]:
    """Return the topics below ``node``: the largest groups that are alike enough and share name and matter."""
    waiting = [node]
    while waiting:
        at = waiting.pop()
        if at.count < options.least:
            continue
        members = [group[i] for i in at.pre_order()]
        words = corpus.words(members, options) if 1 - at.dist >= options.joined else ()
        found = list(_matters(members, words, corpus, options)) if words else []
        yield from found
        if not found:
            waiting += [at.left, at.right]


def _share(value: float, most: float) -> float:
    return value / most if most else 0.0


def rank(topics: Sequence[Topic], now: datetime, weights: Sequence[float] = (0.55, 0.15, 0.15, 0.15)) -> list[Topic]:
    """Return topics by heat: people, spread over days and areas, how lately, growth; each beside the most there is."""
    if not topics:
        return []
    people = max(t.people for t in topics)
    spread = max(t.days + t.places for t in topics)
    growth = max(math.log1p(t.growth) for t in topics)
    longest = max((now - t.last).total_seconds() for t in topics) or 1.0
    found = []
    for t in topics:
        parts = (
            _share(t.people, people),
            _share(t.days + t.places, spread),
            1 - _share(max(0.0, (now - t.last).total_seconds()), longest),
            _share(math.log1p(t.growth), growth),
        )
        found.append(replace(t, heat=sum(w * p for w, p in zip(weights, parts, strict=True))))
    return sorted(found, key=lambda t: (-t.heat, -t.people, t.ids))


def _people(messages: Iterable[Message]) -> int:
    """Return how many people wrote: each once, with those that a message speaks for."""
    found: dict[str, int] = {}
    for m in messages:
        found[m.person] = max(found.get(m.person, 0), m.people)
    return sum(found.values())


def _topic(members: Sequence[Message], words: tuple[str, ...], middle: datetime) -> Topic:
    ordered = sorted(members, key=lambda m: (m.at, m.id))
    common = Counter(g for m in ordered for g in grams(plain(m.title)))
    title = max(ordered, key=lambda m: (sum(common[g] for g in grams(plain(m.title))) / (12 + len(m.title)), m.id))
    return Topic(
        ids=tuple(m.id for m in ordered),
        words=words,
        title=title.title,
        people=_people(ordered),
        days=len({m.at.date() for m in ordered}),
        places=len({m.place for m in ordered if m.place}),
        first=ordered[0].at,
        last=ordered[-1].at,
        recent=_people([m for m in ordered if m.at >= middle]),
        earlier=_people([m for m in ordered if m.at < middle]),
        heat=0.0,
    )


def find(messages: Sequence[Message], options: Options | None = None) -> list[Topic]:
    """Return the topics of ``messages``, hottest first; the order of the messages changes nothing."""
    options = options or Options()
    kept = sorted(messages, key=lambda m: m.id)
    if len(kept) < options.least:
        return []
    titles = [grams(plain(m.title)) for m in kept]
    texts = [f"{plain(m.title)}\n{plain(m.text)[:_BODY]}" for m in kept]
    both = [set().union(*map(grams, text.split("\n"))) for text in texts]
    (one, columns), (other, _columns) = _weighed(both, options.rare), _weighed(titles, options.rare)
    likeness = (one @ one.T * (1 - options.title) + other @ other.T * options.title).tocsr()
    named = _named([m.title for m in kept], texts, options.rare)
    corpus = _Corpus(texts, both, Counter(g for runs in both for g in runs), {}, named, one, columns)
    first, last = min(m.at for m in kept), max(m.at for m in kept)
    middle = first + (last - first) / 2
    found = []
    for group, tree in _groups(likeness, options):
        for members, words in _taken(tree, group, corpus, options):
            topic = _topic([kept[i] for i in members], words, middle)
            if topic.people >= options.least:
                found.append(topic)
    return rank(found, last + timedelta(seconds=1))
