"""Strings that want to be more than text: each attack alone, then, from a seed, wrapped, joined, disguised.

`CANARY` is what an attack leaves behind if it works: a file of that name, or the number in what is said.
Everything between `OPEN` and `CLOSE` must come out as it went in.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

CANARY = "hostile-canary"
SUM, SUM_RESULT = "7919*7907", "62615533"
OPEN, CLOSE = "⟦", "⟧"

TEMPLATES = (
    "$name", "${name}", "$$", "$room", "$people", "${promise}", "$", "${", "{}", "{0}", "{name}",
    "{0.__class__}", "{self.__init__.__globals__}", "%s", "%(name)s", "%n%n%n", "%999999999d",
    "{{" + SUM + "}}", "${" + SUM + "}", "#{" + SUM + "}", "<%= " + SUM + " %>", "{% for x in () %}",
    "${jndi:ldap://127.0.0.1/a}", "`" + SUM + "`", f"__import__('os').system('touch {CANARY}')",
    f"$(touch {CANARY})", f"; touch {CANARY} #", f"| touch {CANARY}", f"eval('{SUM}')",
    "\\N{DIGIT ONE}", "\\x41\\u0041\\n", "[bold red]x[/]", "[link=http://127.0.0.1]x[/link]",
)  # fmt: skip
QUERIES = (
    "'; DROP TABLE message;--", "\" OR 1=1 --", "1; DELETE FROM ownership",
    "') UNION SELECT code_hash FROM pairing_code --", "\\'; UPDATE member SET is_self=1; --",
    "'||(SELECT value FROM fact)||'", "\x00' OR ''='", "NULL", "-1", '"', "*", "a*", "NEAR(a b)",
    "a AND b OR NOT c", "text:secret", "^start", "-minus", "(((", ")))", '""""', "a\"b", "{text}: x",
    "message_search MATCH 'x'", "+plus", "a NEAR/2 b", "rank", "delete", "optimize", "rebuild",
)  # fmt: skip
PATTERNS = (
    "(a+)+$", "(a|aa)+$", "(.*a){20}", "a" * 3000 + "!", "^(([a-z])+.)+[A-Z]([a-z])+$", "(?P<x>", "[",
    "\\", "(?i)", "\\d+", ".*", "^$", "(" * 500, "[" * 500, "「" * 400, "「" * 200 + "」" * 200,
    "「：」" * 300, "」\n------\n" * 200, "「甲：" * 200 + "」\n- - - - - - -\n" * 200, "-" * 5000,
    "「甲：乙」\n" + "- " * 3000, "@" * 500, "\u2005" * 500, "一二三四五六七八九十" * 200, "半" * 2000,
    "９" * 500, "2小时" * 400, "1h30m" * 300, "第1条" * 300,
)  # fmt: skip
MARKUP = (
    "<script>alert(1)</script>", "<a href='javascript:x'>x</a>", "<img src=x onerror=x>",
    "<?xml version='1.0'?>", "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
    "<!DOCTYPE a [<!ENTITY a '" + "x" * 50 + "'><!ENTITY b '&a;&a;&a;'>]>",
    "<msg><title>x</title></msg>", "]]>", "![x](http://127.0.0.1)", "[x](javascript:1)", "# head",
    "**bold**", "```", "> quote", "| a | b |", "&lt;&#64;&amp;", "@所有人", "@所有人\u2005",
    "@全体成员", "@all", "@ 所有人", "@\u200b所有人", "﹫所有人", "＠所有人", "@所\u200b有人",
    "@\u202e人有所", "\u2005@所有人\u2005", "所有人", "all", "x @所有人 y", "@小群星 安静",
    "@老周\u2005",
)  # fmt: skip
INVISIBLE = (
    "\x00", "\x01\x02\x1f\x7f", "\r\n", "\r", "\n\n\n", "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029",
    "\x1b[31mred\x1b[0m", "\x1b[2J\x1b[H", "\x1b]0;title\x07",
    "\x1b]8;;http://127.0.0.1\x1b\\x\x1b]8;;\x1b\\", "\x9b31m", "\x08\x08\x08", "\u202eabc\u202c",
    "\u2066x\u2069", "\u200b\u200c\u200d\u2060\ufeff", "\u3164\u115f\u2800", "a\u0301" * 300,
    "Z" + "\u0300" * 2000, "\ue000\uf8ff", "\U000e0001\U000e0041", "\ufffe\uffff", "👨‍👩‍👧‍👦" * 50,
    "🇨🇳" * 50, "ﷺ" * 50, "\u00ad",
)  # fmt: skip
FILES = (
    "../../" + CANARY, "..\\..\\" + CANARY, "/etc/passwd", "/dev/null", "~/.ssh/id_rsa",
    "C:\\Windows\\win.ini", "CON", "NUL", "." * 300, "a/" * 300, "a" * 300 + ".png", "x.png\x00.exe",
    "\\\\127.0.0.1\\share", "file:///etc/passwd", "con.txt ", "-rf", "", " ", ".", "..",
)  # fmt: skip
DOCUMENTS = (
    f"!!python/object/apply:os.system ['touch {CANARY}']", "&a [*a]", "&a a: *a", "<<: *b", "- x: [",
    "key: value: x", "--- ---", "...", "%YAML 9.9", "!!binary x", "? x", "a: 'b", "yes", "null", "0o17",
    "1e999", ".inf", "2026-03-02", "{a: b", "=cmd|'/c calc'!A1", "+1+1", "-1+1", "@SUM(A1)", "=1+1",
    "\t=1+1", '"a","b"\n"c', "a,b;c\td", '"' * 999, "'" * 999, '{"a":' * 300, "[" * 2000, "\ufeff",
    "2026-03-02 10:00:00 甲\n乙", "甲(wxid_1) 2026-03-02 10:00\n丙",
)  # fmt: skip
SIZES = ("长" * 25_000, "x" * 100_000, "\n" * 20_000, "🍵" * 10_000, "a b " * 10_000, "，" * 10_000)

CALLING = tuple(text for text in MARKUP if any(name in text for name in ("所有人", "全体成员", "all")))
"""What would call everybody. They come first: only some of the ways let a name be said with an @."""

ATTACKS = (*TEMPLATES, *QUERIES, *PATTERNS, *MARKUP, *INVISIBLE, *FILES, *DOCUMENTS)
WRAPS: tuple[Callable[[str], str], ...] = (
    *[lambda text: f"{OPEN}{text}{CLOSE}"] * 6,
    lambda text: f"  {text}  ",
    lambda text: f"你好{text}",
    lambda text: f"{text}大家好",
    lambda text: f'"{text}"',
    lambda text: f"'{text}'",
    lambda text: f"「{text}：{text}」\n- - - - - - - - - - - - - - -\n{text}",
    lambda text: f"\u202e{text}",
    lambda text: "\u200b".join(text[:400]),
    lambda text: text.upper(),
    lambda text: text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)}),
    lambda text: f"@{text}\u2005",
    lambda text: f"\n{text}\n",
    lambda text: text * 3,
)
SIZED_ONE_IN = 250


def hostile_strings(seed: int, count: int) -> Iterator[str]:
    """So many different strings; at first three of four are attacks as they are."""
    dice, made = random.Random(seed), set[str]()
    plain = [*dice.sample(ATTACKS, len(ATTACKS)), *CALLING]
    while len(made) < count:
        text = plain.pop() if plain and len(made) % 4 else dice.choice(WRAPS)(_one(dice, len(made)))
        if text not in made:
            made.add(text)
            yield text


def _one(dice: random.Random, number: int) -> str:
    if number % SIZED_ONE_IN == 0:
        return dice.choice(SIZES) + str(number)
    if dice.random() < 0.5:
        return dice.choice(ATTACKS)
    return dice.choice(ATTACKS) + dice.choice(ATTACKS)
