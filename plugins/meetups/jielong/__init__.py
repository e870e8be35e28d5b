"""接龙 as people do it: read what members copy on, write a clean list, merge, notice lost lines. Pure."""

from plugins.meetups.jielong.concerning import concerns, is_of_other_things, is_whole
from plugins.meetups.jielong.entries import Entry
from plugins.meetups.jielong.hearing import hear
from plugins.meetups.jielong.merging import Merged, is_same, merge
from plugins.meetups.jielong.reading import Jielong, read
from plugins.meetups.jielong.writing import fit, write

__all__ = [
    "Entry",
    "Jielong",
    "Merged",
    "concerns",
    "fit",
    "hear",
    "is_of_other_things",
    "is_same",
    "is_whole",
    "merge",
    "read",
    "write",
]
