"""What reads like an ad, however it is disguised, and what does not; contacts; sketches of texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analysis.ads import LIKELY, SURE, ad_chance, hides, read_as, shapes
from bot.analysis.contacts import asks_for_contact, contacts_in
from bot.analysis.sketches import are_alike, key_of, sketch

ADS = [
    "招代理，日结300，时间自由，有意向加V：chaye888",
    "兼职刷单，一单一结，日赚200-500，微信：xiaomei8899",
    "低价出售各种会员，月卡5元，加薇 vip666888",
    "专业刷投票、点赞、粉丝，长期稳定，V❤：tp20188",
    "网赚项目日入过千，一部手机就能做，想了解的加我",
]
TALK = [
    "今天这泡茶汤色不错，3 号杯",
    "求推荐一款入门盖碗，预算200以内",
    "我写了篇肉桂岩韵的笔记 https://mp.weixin.qq.com/s/abc",
    "大家好，我是新来的，做了三年茶，请多关照", "群主能不能把我朋友拉进来", "哈哈哈哈哈哈", "",
    "这个链接打不开 https://github.com/foo/bar",
    "what does docker-compose up -d do when the image is missing?",
]  # fmt: skip


@pytest.mark.parametrize("text", ADS)
def test_ads_are_told_also_in_disguise(text: str) -> None:
    assert ad_chance(text) >= SURE
    assert ad_chance("\u200b".join(text)) >= LIKELY
    assert ad_chance(text.translate({code: code + 0xFEE0 for code in range(0x30, 0x7B)})) >= LIKELY


@pytest.mark.parametrize("text", TALK)
def test_talk_is_no_ad(text: str) -> None:
    assert ad_chance(text) < LIKELY


@given(st.text(max_size=400))
def test_any_text_has_a_chance(text: str) -> None:
    assert 0.0 <= ad_chance(text) <= 1.0
    contacts_in(text)
    assert are_alike(sketch(text), sketch(text)) == (sketch(text) != ())


def test_a_text_as_it_reads_and_by_its_shape() -> None:
    assert "".join(read_as("Ｖ\u200b微 １２３！")) == "v微000"
    assert list(shapes("加V：ab12")) == ["c1", "A1", ":1", "a2", "02"]
    assert shapes("𝐕😀炷鎹") == ["M1", "e1", "T1", "T1"] or shapes("𝐕😀炷鎹")[:2] == ["M1", "e1"]
    assert hides("加\u200b我") and not hides("加我 👨\u200d👩\u200d👧")


def test_ways_out_of_here() -> None:
    assert contacts_in("加V：chaye888").calls and contacts_in("＋微 abc12345").calls
    assert contacts_in("电话 138 0000 2222").number and not contacts_in("共 13800 件，到货 222 件").number
    assert contacts_in("看 https://shop.example.top/a?b=1 和 www.b.com.cn").domains == (
        "b.com.cn",
        "example.top",
    )
    assert contacts_in("文章 https://mp.weixin.qq.com/s/x").domains == ()
    assert not contacts_in("我微信没电了，回家再说").any
    assert asks_for_contact("链接发我一下") and asks_for_contact("怎么联系") and not asks_for_contact("好喝")


def test_near_duplicates_have_alike_sketches() -> None:
    one = sketch("招代理，日结300，时间自由，有意向加V：chaye888")
    same = sketch("招代理，日结500！时间自由，有意向加V：chaye999")
    assert are_alike(one, same) and key_of(one) == key_of(same)
    assert not are_alike(one, sketch("今天这泡茶汤色不错，明天再试试水仙"))
    assert sketch("好") == () and not are_alike((), ())
