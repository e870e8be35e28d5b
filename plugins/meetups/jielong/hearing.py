"""What a message in the room does to the sign-up: a copied list, a line of a list, or a word. Pure."""

from __future__ import annotations

from dataclasses import replace

from plugins.meetups.jielong.concerning import concerns, is_whole
from plugins.meetups.jielong.entries import Entry, entry_in
from plugins.meetups.jielong.merging import Merged, is_same, merge
from plugins.meetups.jielong.reading import Jielong, read
from plugins.meetups.replies import SignUp, read_sign_up


def hear(ours: Jielong, text: str, sender: str, by: str = "") -> Merged | None:
    """Our list after a message; None if the message has nothing to do with it."""
    known = [sender, *(one.name for one in ours.entries)]
    posted = read(text, known)
    if posted is not None and (one := _headed_line(posted, known)):
        return merge(ours.entries, replace(posted, title="", entries=one), sender, by, is_whole=False)
    if posted is not None and concerns(posted, ours, sender):
        return _merged(ours, posted, sender, by)
    said = read_sign_up(text)
    return signed_up(ours, said, sender, by) if said else None


def _headed_line(posted: Jielong, known: list[str]) -> tuple[Entry, ...]:
    """`#接龙 七七 退出`: one line with the heading's sign, about somebody known."""
    if posted.entries or not posted.is_headed or posted.details:
        return ()
    entry = entry_in(posted.title, known)
    return (entry,) if entry.name in known else ()


def _merged(ours: Jielong, posted: Jielong, sender: str, by: str) -> Merged:
    """The lists put together. Who opened the list may word its title anew."""
    merged = merge(ours.entries, posted, sender, by, is_whole=is_whole(posted, ours))
    is_opener = bool(ours.entries) and is_same(ours.entries[0].name, sender)
    return replace(merged, title=posted.title if is_opener and posted.title else ours.title)


def signed_up(ours: Jielong, said: SignUp, sender: str, by: str = "") -> Merged:
    """Our list after somebody signed up or off by a word."""
    by = by or sender
    own = [one for one in ours.entries if one.by == by or is_same(one.name, sender)]
    others = [one for one in ours.entries if one not in own]
    standing = next((one for one in own if one.is_coming), None)
    if said.kind == "leave":
        gone = [replace(one, is_coming=False) if one in own else one for one in ours.entries]
        return Merged(tuple(gone), left=tuple(one.name for one in own if one.is_coming))
    if standing is None:
        entry = Entry(sender, said.count, said.note, by=by, is_listed=False)
        return Merged((*others, entry), joined=(sender,))
    if said.count == standing.count and not said.note:
        return Merged(ours.entries)
    entry = replace(standing, count=said.count, note=said.note or standing.note)
    return Merged(tuple(entry if one == standing else one for one in ours.entries), changed=(entry.name,))
