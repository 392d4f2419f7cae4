"""Layout: articles, their headlines and their order, on the pages of the source texts."""

from __future__ import annotations

import pytest

from linli.programmes.documents.rules import read, read_articles
from linli.programmes.documents.tests.golden_set import load
from linli.programmes.documents.types import BlockKind, Kind

SURE = 70


def titles(name):
    return [a.title for a in read(load(name).raw).articles]


def test_headlines_at_the_pages_end_go_to_their_texts():
    reading = read(load("002").raw)
    moved = {a.title: a for a in reading.articles if a.confidence < 80}
    assert set(moved) == {
        "着力构建党建引领城市基层治理新格局",
        "街道人大工委组织区域内人大代表 开展老旧小区加装电梯专题调研",
        "聚焦“美丽家园”精细管理提升能级 街道召开居民区联勤联动站建设推进会",
    }
    assert [a.source_unit for a in moved.values()] == ["党建办", "人大工委", "社管办"]


def test_columns_the_wrong_way_round_are_turned_and_say_so():
    article = read(load("000").raw).articles[1]
    blocks = read(load("000").raw).blocks
    text = [blocks[i].text for i in article.blocks if blocks[i].kind == BlockKind.PARAGRAPH]
    assert text[0].startswith("在深化")
    assert text[1] == "飞乐居民区党总支、潘东居民区"
    assert text[2].startswith("党总支根据")
    assert article.confidence <= SURE


def test_a_phrase_over_a_turned_column_has_two_pieces():
    raw = load("000").raw
    unit = next(f for f in read(raw).found if f.kind == Kind.UNIT and f.text == "潘东居民区党总支")
    assert [raw[p.start : p.end] for p in unit.pieces] == ["潘东居民区", "党总支"]
    assert unit.span == unit.pieces[0]


def test_a_caption_in_the_middle_of_a_sentence_is_left_out_of_it():
    raw = load("004").raw
    reading = read(raw)
    caption = next(b for b in reading.blocks if b.kind == BlockKind.CAPTION)
    item = next(f for f in reading.found if f.kind == Kind.REQUIREMENT and f.attributes["ordinal"] == "加法")
    assert "对要修、要补" in item.text
    assert len(item.pieces) == 2
    assert all(p.end <= caption.span.start or p.start >= caption.span.end for p in item.pieces)


def test_furniture_and_adverts_belong_to_no_article():
    for name, words in (("004", "扫描二维码"), ("003", "麦乳精"), ("003", "特别声明"), ("002", "HEADLINE")):
        reading = read(load(name).raw)
        used = {i for a in reading.articles for i in a.blocks}
        stray = [i for i, b in enumerate(reading.blocks) if words in b.text or to_find(words, b.text)]
        assert stray
        assert not used & set(stray)


def to_find(words: str, text: str) -> bool:
    return words in text.replace(" ", "")


def test_a_continued_article_says_from_which_page():
    article = read(load("001").raw).articles[1]
    assert article.continued_from == "1"
    assert article.title == "华阳路街道召开2025年坚持全面从严治党暨党风廉政建设大会"


def test_headings_inside_an_article_do_not_part_it():
    reading = read(load("001").raw)
    sections = [
        reading.blocks[i].text for i in reading.articles[0].blocks if reading.blocks[i].kind == BlockKind.SECTION
    ]
    assert "聚焦党建主轴" in sections
    assert len(sections) == 6


def test_a_person_may_put_the_page_in_order_and_it_is_read_again():
    reading = read(load("000").raw)
    # As the page came: the headless paragraph first, the beginning of its sentence last.
    wrong = [9, 10, 11, 12, 13, 14, 15]
    again = read_articles(reading, [wrong])
    assert not [f for f in again.found if f.text == "潘东居民区党总支"]
    right = read_articles(again, [reading.articles[1].blocks])
    assert [f for f in right.found if f.text == "潘东居民区党总支"]
    assert right.articles[0].title == "华阳路街道召开居民区书记月谈会"
    assert right.articles[0].confidence == 100


@pytest.mark.parametrize("name", ["000", "001", "002", "003", "004"])
def test_no_block_stands_in_two_articles(name):
    used = [i for a in read(load(name).raw).articles for i in a.blocks]
    assert len(used) == len(set(used))


@pytest.mark.parametrize(
    ("line", "unit", "names"),
    [
        ("（城管中队）", "城管中队", {}),
        ("（街道党工办、社区管理办）", "街道党工办、社区管理办", {}),
        ("（滨河街道党建服务中心 供稿）", "滨河街道党建服务中心", {}),
        ("记者 / 甲乙丙 丁戊", "", {"reporter": "甲乙丙 丁戊"}),
        ("摄影：甲乙丙", "", {"pictures": "甲乙丙"}),
    ],
)
def test_by_lines(line, unit, names):
    reading = read(f"某街道举行运动会\n\n日前，某街道举行运动会，居民踊跃参加，气氛热烈，取得圆满成功。\n\n{line}")
    (article,) = reading.articles
    assert (article.source_unit, dict(article.by_line)) == (unit, names)


def test_an_article_that_goes_on_elsewhere_ends_here():
    first = "某街道召开推进会\n\n近日，某街道召开推进会，各科室负责人参加。\n\n（下转2版）\n\n"
    second = "某街道举行运动会\n\n日前，某街道举行运动会，居民踊跃参加。"
    articles = read(first + second).articles
    assert [a.title for a in articles] == ["某街道召开推进会", "某街道举行运动会"]
    assert [a.source_unit for a in articles] == ["", ""]
