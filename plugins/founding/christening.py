"""Names on offer: an owner takes one by number, wants others, another word to turn, or brings their own."""

from __future__ import annotations

from bot.context import Context
from bot.words import Trusted, normalised, plain
from plugins.founding import logic, naming
from plugins.founding.declared import plugin
from plugins.founding.reading import remember, understood
from plugins.founding.tables import Founding

MOST_IDEAS = 3
"""A model's names are never more than half of a round."""

ANOTHER_WORD = ("换个词", "词")


def offer(ctx: Context, one: Founding) -> Trusted:
    """A handful of names, new ones each time until there are no more."""
    if not one.offered or one.offered[-1] is None:
        _find(ctx, one)
    shown = _on_offer(one)
    lines = [ctx.text("choice", number=number, text=name) for number, name in enumerate(shown, start=1)]
    return Trusted(
        "\n".join([ctx.text("names"), *lines, ctx.text("names_how", word=understood(one, "word"))])
    )


def _on_offer(one: Founding) -> list[str]:
    """Those of the last round."""
    names = list(one.offered)
    start = max((place for place, name in enumerate(names) if name is None), default=-1)
    return [str(name) for name in names[start + 1 :]]


def _find(ctx: Context, one: Founding) -> None:
    word, count = understood(one, "word"), ctx.services.settings.for_plugin(plugin.name, None).names_shown
    texts = ctx.services.texts
    plain_ones = [ctx.text("name_plain", word=word) for _ in range(3 * count)]
    funny = [*naming.turned(word), *(ctx.text("name_funny", word=word) for _ in range(3 * count))]
    if understood(one, "tone") == "plain":
        funny = funny[:2] if texts.has(plugin.name, "name_funny") else []
    taken = [name for name in one.offered if name]
    ideas = [name for name in one.answers.get("ideas", []) if name not in taken][:MOST_IDEAS]
    found = naming.names(plain_ones, funny, count - len(ideas), [*taken, *ideas], ctx.choose)
    found = [*ideas, *found]
    if not found:  # everything has been offered: from the beginning again
        one.offered, found = [], naming.names(plain_ones, funny, count, (), ctx.choose)
    one.offered = [*one.offered, *found]
    ctx.db.flush()


def hear(ctx: Context, one: Founding, said: str) -> str:
    """Take a name if one was chosen; what is to be said before whatever comes next."""
    short, shown = normalised(said), _on_offer(one)
    if short in logic.MORE:
        one.offered = [*one.offered, None]
        return ""
    word = next((said.removeprefix(each).strip() for each in ANOTHER_WORD if said.startswith(each)), "")
    if word and len(plain(word)) <= logic.LONGEST_WORD:
        remember(ctx, one, word=plain(word))
        one.offered = [*one.offered, None]
        return ctx.text("other_word", word=word)
    numbers = logic.chosen(said, len(shown))
    name = shown[numbers[0] - 1] if numbers and len(numbers) == 1 else plain(said)
    if not any(letter.isalpha() for letter in name) or len(name) > logic.LONGEST_NAME:
        return ctx.text("bad_name", limit=logic.LONGEST_NAME)
    one.name = name
    ctx.db.flush()
    return ctx.text("heard_name", name=name)
