"""接龙: reading what people post, writing a clean list, putting copies together, noticing what got lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.meetups.jielong import Entry, Jielong, concerns, fit, hear, merge, read, write
from tests.eval import jielong as evaluation
from tests.eval.frame import Options

NASTY = [
    "+1", "1. 王五", "#接龙", "例 姓名", "「引号」", "」「", "(括号)", "a\nb", "", "   ", "３．", "1️⃣",
    "张三、李四", "来不了", "小李 +2", "财务 小郭", "Tom Lee", "候补", "截止周五", "@所有人", "~~划掉~~",
    "❌", "①②", "{name}", "%s", "2人", "\u202e倒", "🍵", "-", "李四带娃", "'; DROP", "「", "」", "“", "x2",
    "1.", "0. 例", "·", "J.P.", "「「+1」」", "「「「2人」」」", "「小李」",
]  # fmt: skip
WORDS = st.one_of(st.sampled_from(NASTY), st.text(max_size=30))
ADDED = ["", "带娃", "不带娃", "+3", "2人", "（晚到）", "来不了", "一家三口"]
NOTES = st.one_of(st.sampled_from(ADDED), st.text(max_size=20))
ENTRIES = st.lists(st.builds(Entry, name=WORDS, count=st.integers(1, 9), note=NOTES), max_size=12)
NAMES = st.lists(
    st.sampled_from([f"{first}{last}" for first in "赵钱孙李周吴" for last in "一二三四五"]),
    min_size=2, max_size=12, unique=True,
)  # fmt: skip


def told(found: Jielong | None) -> list[tuple[str, int, str]]:
    assert found is not None
    return [(one.name, one.count, one.note) for one in found.entries]


@settings(max_examples=120)
@given(WORDS, ENTRIES)
def test_what_the_bot_writes_it_reads_again(title: str, entries: list[Entry]) -> None:
    fitted = fit(entries)
    again = read(write(title, entries))
    assert told(again) == [(one.name, one.count, one.note) for one in fitted]
    assert len({one.key for one in fitted}) == len(entries)
    assert again is not None and not again.details and not again.example
    assert write(again.title, again.entries) == write(title, entries)


def test_plain_names_stand_as_they_are() -> None:
    entries = [Entry("小李", 2), Entry("老王", note="晚到"), Entry("小李"), Entry("Tom Lee", 3, "老婆，孩子")]
    assert write("周六茶会", entries) == (
        "#接龙\n周六茶会\n\n1. 小李 +1\n2. 老王（晚到）\n3. 小李·2\n4. Tom Lee +2（老婆，孩子）\n5."
    )


@settings(max_examples=100)
@given(NAMES, st.data())
def test_every_lost_line_is_found(names: list[str], data: st.DataObject) -> None:
    """Lines are dropped, doubled and shuffled in a copy: nobody but the poster is ever missing afterwards."""
    ours = tuple(Entry(name, by=f"wx-{name}") for name in names)
    kept = data.draw(st.lists(st.sampled_from(names), max_size=16))
    poster = data.draw(st.sampled_from([*names, "郑七"]))
    lines = [f"{data.draw(st.integers(1, 20))}. {name}" for name in [*kept, "郑七"]]
    posted = read("\n".join(["#接龙", "周六茶会", "", *data.draw(st.permutations(lines))]))
    assert posted is not None and concerns(posted, Jielong("周六茶会", ours))
    merged = merge(ours, posted, poster, f"wx-{poster}")
    missing = set(names) - set(kept) - {poster}
    coming = {one.name for one in merged.coming}
    assert set(merged.lost) == missing and missing <= coming and "郑七" in coming
    own_is_out = poster in names and poster not in kept
    gone = (*merged.left, *(old for old, _ in merged.handed))
    assert gone == ((poster,) if own_is_out and poster not in coming else ())
    assert not own_is_out or poster not in coming
    stayed = [one.name for one in merged.coming if one.name in names]
    assert stayed == [name for name in names if name in stayed]


@settings(max_examples=120)
@given(NAMES, st.data())
def test_two_who_copied_the_same_list_both_stand(names: list[str], data: st.DataObject) -> None:
    base = [*names]
    first, second = "郑七", "冯八"
    ours = merge([Entry(one) for one in base], _posted([*base, first]), first).entries
    copied = data.draw(st.permutations([*base, second]))
    merged = merge(ours, _posted(copied), second)
    assert [one.name for one in merged.coming] == [*base, first, second] and merged.lost == (first,)


def _posted(names: list[str]) -> Jielong:
    found = read(
        "\n".join(["#接龙", "周六茶会", *(f"{number}. {name}" for number, name in enumerate(names, 1))])
    )
    assert found is not None
    return found


def test_a_line_that_no_list_has_shown_cannot_be_lost() -> None:
    ours = [Entry("小李"), Entry("小陈", is_listed=False, by="m7")]
    merged = merge(ours, _posted(["小李", "老王"]), "老王")
    assert [one.name for one in merged.coming] == ["小李", "小陈", "老王"] and merged.lost == ()
    own = merge(ours, _posted(["小李", "阿岩"]), "小陈", "m7")
    assert own.left == () and [one.name for one in own.coming] == ["小李", "小陈", "阿岩"]


def test_who_left_does_not_come_back_by_an_old_copy() -> None:
    gone = merge([Entry("小李"), Entry("小陈")], _posted(["小李"]), "小陈").entries
    assert [one.name for one in merge(gone, _posted(["小李", "小陈", "老王"]), "老王").coming] == [
        "小李",
        "老王",
    ]
    again = merge(gone, _posted(["小李", "小陈"]), "小陈")
    assert again.joined == ("小陈",) and [one.name for one in again.coming] == ["小李", "小陈"]


def test_only_who_wrote_a_friend_on_takes_them_off() -> None:
    ours = merge([Entry("小李")], _posted(["小李", "表姐"]), "小陈", "m7").entries
    assert ours[1].by == "m7"
    assert merge(ours, _posted(["小李"]), "小李", "m1").lost == ("表姐",)
    assert merge(ours, _posted(["小李"]), "小陈", "m7").left == ("表姐",)


def test_somebody_elses_old_copy_undoes_no_edit() -> None:
    ours = merge([Entry("小李"), Entry("小陈")], read_of("1. 小李 +1\n2. 小陈"), "小李").entries
    merged = merge(ours, read_of("1. 小李\n2. 小陈\n3. 老王"), "老王")
    assert [(one.name, one.count) for one in merged.coming] == [("小李", 2), ("小陈", 1), ("老王", 1)]
    assert merged.lost == ("小李",)


def read_of(lines: str) -> Jielong:
    found = read(f"#接龙\n周六茶会\n{lines}")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("line", "stands"),
    [
        ("1. 张三", ("张三", 1, "")), ("1、张三+1", ("张三", 2, "")), ("①张三 两位", ("张三", 2, "")),
        ("１．张三（＋２）", ("张三", 3, "")), ("1️⃣ 张三 带家属", ("张三", 2, "带家属")),
        ("1) 张三 2大1小", ("张三", 3, "2大1小")), ("1. 张三一家四口", ("张三", 4, "一家四口")),
        ("1. 张三（带无人机）", ("张三", 1, "带无人机")), ("1. 张三 带2个朋友", ("张三", 3, "带2个朋友")),
        ("1. 张三 不带娃", ("张三", 1, "不带娃")), ("1. 张三 13812345678", ("张三", 1, "13812345678")),
        ("1. 张三 2点到", ("张三", 1, "2点到")), ("1. 张三/2/素食", ("张三", 2, "素食")),
        ("1. 财务 小郭", ("财务 小郭", 1, "")), ("1. @张三\u2005 x2", ("张三", 2, "")),
    ],
)  # fmt: skip
def test_a_line_in_many_hands(line: str, stands: tuple[str, int, str]) -> None:
    assert told(read(f"#接龙\n周六茶会\n{line}")) == [stands]


@pytest.mark.parametrize(
    "said",
    ["#接龙\n团购樱桃 5斤89元\n1. 小李 1箱", "#接龙\n成语接龙\n1. 一马当先", "1. 先烧水\n2. 放茶",
     "#接龙\n周日爬山\n1. 小李\n2. 老宋", "谁还记得上次接龙的名单", "3. 我觉得都可以",
     "#接龙", "2", "1. 12 2. 13"],
)  # fmt: skip
def test_what_is_not_ours_is_left_alone(said: str) -> None:
    ours = Jielong("周六老街茶会", (Entry("小李"), Entry("小陈")), True)
    assert hear(ours, said, "小李") is None


def test_huge_and_hostile_lists_are_read_in_bounded_time() -> None:
    assert read("#接龙\n" + "1. " * 100_000) is not None
    assert read("#接龙 " + "（" * 50_000) is not None
    for nested in ("「" * 2900 + "+1" + "」" * 2900, "「" * 30 + "1. 甲" + "」" * 30):
        assert read(f"#接龙\n{nested}\n1. {nested}") is not None
        assert len(told(read(write(nested, [Entry(nested), Entry("甲")])))) == 2
    assert len(told(read("#接龙\n标题\n" + "\n".join(f"{one}. 甲{one}" for one in range(1, 5000))))) <= 300


def test_most_examples_are_right() -> None:
    """The measured state is kept: `python -m tests.eval jielong` tells more."""
    for section in evaluation.run(evaluation.WRITTEN, Options(evaluation.WRITTEN)).sections:
        figures = next(row for row in section.rows if row.ours).figures
        assert figures["right"].value >= 0.95 * figures["of"].value and figures["false"].value == 0
