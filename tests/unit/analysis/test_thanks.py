"""Thanks to a person for help, and what only looks like it."""

from __future__ import annotations

import pytest

from bot.analysis.thanks import thanks_in


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("谢谢", "thanks"),
        ("感谢@老李", "thanks"),
        ("多谢大佬！", "thanks"),
        ("thx", "thanks"),
        ("Thanks a lot", "thanks"),
        ("谢啦", "thanks"),
        ("3q", "thanks"),
        ("蟹蟹", "thanks"),
        ("搞定了", "solved"),
        ("试了下可以了", "solved"),
        ("that worked", "solved"),
        ("终于跑通了！", "solved"),
        ("按你说的可以了，感谢", "solved"),
        ("学到了", "learned"),
        ("原来如此", "learned"),
        ("涨知识了", "learned"),
        ("帮大忙了", "thanks"),
        ("谢谢老李，水温降下来就好多了", "thanks"),
        ("thank you, did the trick", "solved"),
    ],
)
def test_thanks_are_heard(text: str, kind: str) -> None:
    found = thanks_in(text)
    assert found is not None and found.kind == kind and 0 < found.strength <= 1


@pytest.mark.parametrize(
    "text",
    [
        "谢谢老板",
        "谢谢老板红包",
        "谢谢金主的红包",
        "谢谢大家来",
        "谢谢大家配合",
        "感谢各位的支持",
        "感谢大家对本群的支持",
        "谢谢，不用了",
        "不用了谢谢",
        "谢谢不需要",
        "没兴趣，谢谢",
        "no thanks",
        "thanks but no",
        "不客气",
        "不用谢",
        "别谢我",
        "请大家改一下群昵称，谢谢",
        "麻烦帮我看一下，谢谢",
        "请问怎么弄，谢谢",
        "怎么搞定的",
        "搞定了吗",
        "还没解决",
        "听懂了吗",
        "it still doesn't work",
        "did that work?",
        "thanks in advance",
        "谢天谢地",
        "恭喜发财",
        "今天天气不错",
        "",
        "感谢邀请",
        "谢谢群主通过",
        "how do i mount this, thanks",
        "谢" * 301,
    ],
)
def test_manners_are_not_thanks(text: str) -> None:
    assert thanks_in(text) is None


def test_strong_words_make_it_stronger() -> None:
    plain, strong = thanks_in("谢谢"), thanks_in("太感谢了，终于搞定了！")
    assert plain is not None and strong is not None and strong.strength > plain.strength
