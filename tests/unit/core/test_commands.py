"""The grammar of commands: forgiving with people, strict with whoever writes it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.commands import CommandBook, pattern_of
from bot.plugin import Command, Where, Who


def command(
    grammar: str, who: Who = "member", where: Where = "both", aliases: tuple[str, ...] = (), **more: Any
) -> Command:
    """A command that does nothing."""
    return Command(f"tea.{grammar}", grammar, who, where, lambda ctx: None, ("", ""), aliases, **more)


BOOK = CommandBook(
    [
        command("安静 [时长]", who="owner", where="private", aliases=("闭嘴 [时长]",)),
        command("安静名单", who="owner", where="private"),
        command("帮助"),
        command("上茶 <茶> [几杯]", where="group"),
        command("上 茶 单", where="group"),
        command("设置 [名字] [值]", who="owner", where="private"),
        command("Help me", where="group"),
        command("暗号", who="owner", where="private", hidden=True),
        command("[话]", where="private", hidden=True),
    ]
)


def understood(line: str, where: Where = "private", *, is_owner: bool = True) -> tuple[str, ...] | None:
    """The command and its slots: ("安静 [时长]", "两小时")."""
    match = BOOK.match(line, where, is_owner=is_owner)
    if match is None:
        return None
    return (match.command.grammar, *match.arguments, *(() if match.complete else ("?",)))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("安静", ("安静 [时长]", "")),
        ("安静2小时", ("安静 [时长]", "2小时")),
        ("安静 两小时", ("安静 [时长]", "两小时")),
        ("安静：2小时", ("安静 [时长]", "2小时")),
        ("  安　静 ,2小时 ", ("安静 [时长]", "2小时")),
        ("安\u200b静", ("安静 [时长]", "")),
        ("安静 2 个 小时", ("安静 [时长]", "2 个 小时")),
        ("安静名单", ("安静名单",)),
        ("安静 名单", ("安静名单",)),
        ("安静名单吧", ("安静名单",)),
        ("安静名单。", ("安静名单",)),
        ("闭嘴 半小时", ("安静 [时长]", "半小时")),
        ("请安静", ("安静 [时长]", "")),
        ("麻烦帮我安静一下", ("安静 [时长]", "一下")),
        ("/安静", ("安静 [时长]", "")),
        ("／帮助", ("帮助",)),
        ("帮助！", ("帮助",)),
        ("帮助～", ("帮助",)),
        ("帮助一下", ("[话]", "帮助一下")),
        ("设置", ("设置 [名字] [值]", "", "")),
        ("设置 茶点 21:30", ("设置 [名字] [值]", "茶点", "21:30")),
        ("设置 茶点 晚上 九点半", ("设置 [名字] [值]", "茶点", "晚上 九点半")),
        ("今天 喝什么", ("[话]", "今天 喝什么")),
    ],
)
def test_people_say_it_as_they_like(line: str, expected: tuple[str, ...]) -> None:
    assert understood(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("上茶", ("上茶 <茶> [几杯]", "", "", "?")),
        ("上茶 肉桂", ("上茶 <茶> [几杯]", "肉桂", "")),
        ("上茶 肉桂 2杯", ("上茶 <茶> [几杯]", "肉桂", "2杯")),
        ("上茶单", ("上 茶 单",)),
        ("HELP ME", ("Help me",)),
        ("ｈｅｌｐｍｅ", ("Help me",)),
        ("help", None),
        ("茶", None),
        ("", None),
    ],
)
def test_in_the_group_a_line_is_a_command_or_none_of_our_business(
    line: str, expected: tuple[str, ...] | None
) -> None:
    assert understood(line, "group", is_owner=False) == expected


def test_what_one_may_not_ask_does_not_match() -> None:
    assert understood("安静", is_owner=False) == ("[话]", "安静")
    assert understood("安静", "group") is None
    assert understood("上茶 肉桂") == ("[话]", "上茶 肉桂")


def test_a_command_that_is_switched_off_leaves_the_line_to_others() -> None:
    off = BOOK.match("安静名单", "private", is_owner=True, is_on=lambda one: "名单" not in one.grammar)
    assert off is not None and off.command.grammar == "安静 [时长]"


def test_a_command_that_lacks_a_word_is_better_than_one_that_takes_anything() -> None:
    book = CommandBook([command("上茶 <茶>"), command("[话]")])
    match = book.match("上茶", "private", is_owner=False)
    assert match is not None and match.command.grammar == "上茶 <茶>" and not match.complete


def test_a_shorter_command_that_fits_wholly_beats_a_longer_one_that_lacks_a_word() -> None:
    book = CommandBook([command("上茶 <茶>"), command("上 [什么]")])
    match = book.match("上茶", "private", is_owner=False)
    assert match is not None and (match.command.grammar, match.arguments) == ("上 [什么]", ("茶",))


@given(
    line=st.text(max_size=60) | st.text(alphabet="安静名单帮助上茶设置 :：，\u200b\u2005㍿ﬀİ", max_size=30),
    where=st.sampled_from(["group", "private"]),
    is_owner=st.booleans(),
)
@example(line="㍿ﬁ\ud800\x00", where="private", is_owner=True)
@example(line="安静" + "9" * 5_000, where="private", is_owner=True)
def test_no_line_breaks_it(line: str, where: Where, is_owner: bool) -> None:
    match = BOOK.match(line, where, is_owner=is_owner)
    if match is not None:
        assert match.command.where in (where, "both")
        assert is_owner or match.command.who == "member"
        assert len(match.arguments) == pattern_of(match.command.grammar).slots
    BOOK.nearest(line, where, is_owner=is_owner)


@given(grammar=st.text(alphabet="茶水 <>[]", max_size=12), line=st.text(alphabet="茶水 ", max_size=6))
def test_a_grammar_is_read_or_refused(grammar: str, line: str) -> None:
    try:
        pattern_of(grammar)
    except ValueError:
        return
    CommandBook([command(grammar)]).match(line, "private", is_owner=False)


def test_words_after_a_slot_are_refused() -> None:
    with pytest.raises(ValueError, match="after a slot"):
        pattern_of("把 <茶> 上来")


@pytest.mark.parametrize(
    ("line", "near"),
    [
        ("我想看安静名单在哪", "安静名单"),
        ("安静单", "安静 [时长]"),
        ("闭嘴吧你", "安静 [时长]"),
        ("设值", "设置 [名字] [值]"),
        ("你好", None),
        ("暗号", None),  # hidden
        ("", None),
    ],
)
def test_a_line_that_holds_or_resembles_a_command_finds_it(line: str, near: str | None) -> None:
    found = BOOK.nearest(line, "private", is_owner=True)
    assert (found and found.grammar) == near


def test_help_offers_what_this_person_may_say_here() -> None:
    assert [one.grammar for one in BOOK.offered("group", is_owner=False)] == [
        "帮助",
        "上茶 <茶> [几杯]",
        "上 茶 单",
        "Help me",
    ]
    assert [one.grammar for one in BOOK.offered("private", is_owner=False)] == ["帮助"]
    private = [one.grammar for one in BOOK.offered("private", is_owner=True)]
    assert private == ["安静 [时长]", "安静名单", "帮助", "设置 [名字] [值]"]
