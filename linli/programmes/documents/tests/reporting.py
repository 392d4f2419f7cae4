"""The reference page "Reading": what is found in a text, and how well, from the golden set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from linli.programmes.documents.tests.golden_set import HELD_OUT, SOURCES
from linli.programmes.documents.tests.scoring import KINDS, Score, score

_HEAD = """# Reading

`linli.programmes.documents.rules.read(raw, lexicon=…)` proposes what a text says; a person confirms it. It is a grammar
and word lists of official Chinese (`rules/`, `rules/words/*.toml`), not a model: the same text always gives the same
answer, and each finding names the rule that made it and a confidence from 0 to 100. `read_articles(reading, order)`
reads again after a person has put the blocks of a page in order.

Every finding has its stretch of the **raw** text (`span`; `pieces`, where a caption or a column stands in between), and
`text`, the same phrase cleaned. Names of persons are used to find the post of who speaks, and are in no attribute.

## What is found

| kind | attributes |
|---|---|
| `article` | `title`, `source_unit` (office that signs), `continued_from` (page number) |
| `requirement` | `ordinal` (一是, 二要, 第三, 四、), `level` from 1, `voice` (post, 会议 or ""), `parent` (index), |
| | `action`, `by_unit`, `due` (`raw`, `iso`) or nothing |
| `meeting` | `kind`, `name`, `date` (ISO or ""), `place`, `chair` (post; who leads a visit), `who` (posts and units), |
| | `attendance`, `approx`, `branch` (with a video branch) |
| `number` | `value`, `approx` (余, 多, 近, 不少于), `unit`, `of` (what is counted) |
| `date`, `deadline` | `iso` as far as known, `precision` (day, month, year, relative), `raw` |
| `project` | `name`, as quoted, inner quotation marks kept |
| `claim` | `units`, `project`, `project_found` (index) |
| `agreement` | `parties` |
| `unit`, `post`, `place` | `name` (in full, where it stands in a row: 松山、福山居民区), `uuid` where Linli knows it |

Flags of the cleaned text: `hard_wrap`, `pinyin`, `traditional`, `half_width`, `doubled`, `misprint`, `broken`,
`by_line`, `continuation`, `advert`, `foreign`. Verdicts: `news`, `policy`, `advert`, `not_chinese`, `empty`, `unclear`;
an advert, an empty text and one in another language have no findings. An article whose confidence is below 70 should
be looked at first: a headline was moved, columns were turned or a title is missing.

## How well

Compared with a golden set read by hand (`linli/programmes/documents/tests/golden`, where its README says what counts);
the floors are in `test_rules_golden.py`. The rules were written by who had read these five texts, so the figures say
that the rules do what they were made for, no more.

"""
_FIRST = """
## Texts that the rules had not seen

Eight short texts in the same style, from places that do not exist, were answered before any rule had seen them. Their
first reading, each group after the rules had been mended with those before it (7 is the minutes of a meeting, of a sort
that the rules did not know):

| kind | 1–3 precision | recall | 4–6 precision | recall | 7–8 precision | recall |
|---|---|---|---|---|---|---|
| requirement (32, 17, 13) | 1.00 | 0.97 | 0.94 | 0.94 | 1.00 | 0.77 |
| number (20, 16, 10) | 1.00 | 1.00 | 0.89 | 1.00 | 0.90 | 0.90 |
| claim (3, 0, 0) | 1.00 | 1.00 | | | | |
| deadline (8, 4, 4) | 1.00 | 1.00 | 0.75 | 0.75 | 1.00 | 1.00 |
| date (5, 9, 3) | 1.00 | 0.80 | 0.90 | 1.00 | 1.00 | 1.00 |
| unit (20, 11, 10) | 0.80 | 0.80 | 1.00 | 0.55 | 1.00 | 0.70 |
| article, title and order exact (3, 4, 2) | 0.00 | 0.00 | 0.50 | 0.50 | 1.00 | 1.00 |

Expect of a text of a new sort what stands here, not the table above. Afterwards the rules were mended where the fault
was general (signatures, hand-wrapped lines, slogans above headlines, minutes), and five answers were corrected that
broke the golden set's own rules (signatures, units inside a post). No longer unseen, they now read:

"""


def _table(total: Mapping[str, Score]) -> list[str]:
    rows = ["| kind | in the golden set | found | precision | recall |", "|---|---|---|---|---|"]
    for kind in KINDS:
        figure = total[kind]
        if figure.wanted or figure.found:
            rows.append(f"| {kind} | {figure.wanted} | {figure.found} | {figure.precision:.2f} | {figure.recall:.2f} |")
    return rows


def _links(links: Mapping[str, Sequence[bool]]) -> list[str]:
    rows = ["| of what was found | right | of |", "|---|---|---|"]
    return rows + [f"| {name} | {sum(values)} | {len(values)} |" for name, values in sorted(links.items())]


def page() -> str:
    """Return the page in Markdown."""
    total, links, each = score(SOURCES)
    held, held_links, _ = score(HELD_OUT)
    rows = ["| text | requirements | precision | recall | numbers | claims | meetings | units: precision | recall |"]
    rows.append("|---|---|---|---|---|---|---|---|---|")
    for name, scorer in each.items():
        s = scorer.scores
        rows.append(
            f"| {name} | {s['requirement'].wanted} | {s['requirement'].precision:.2f} | {s['requirement'].recall:.2f} "
            f"| {s['number'].wanted} | {s['claim'].wanted} | {s['meeting'].wanted} "
            f"| {s['unit'].precision:.2f} | {s['unit'].recall:.2f} |"
        )
    parts = [*_table(total), "", *_links(links), "", "By text:", "", *rows]
    return _HEAD + "\n".join(parts) + "\n" + _FIRST + "\n".join([*_table(held), "", *_links(held_links)]) + "\n"
