"""Chat logs of other programs become history: examined whole, then stored, and never answered or announced.

    log = examine(path, "茶友会", zone)            # raises BadLog, one clear sentence with the line
    outcome = Import(storage, log, "茶友会", now).run()

`read_log(open_source(path), format, zone)` gives the entries alone, a stream of `Record`, `Notice` and so on.
A running bot must forget its caches afterwards (`Register.forget_caches`, `Register.load`).
"""

from bot.importing.entries import BadLog, Entry, Header, Nameless, Notice, Profile, Record
from bot.importing.formats import Format, format_of, read_log
from bot.importing.importer import Import, Log, examine
from bot.importing.report import Outcome, Report, told
from bot.importing.source import Source, open_source
from bot.importing.survey import Survey

__all__ = [
    "BadLog",
    "Entry",
    "Format",
    "Header",
    "Import",
    "Log",
    "Nameless",
    "Notice",
    "Outcome",
    "Profile",
    "Record",
    "Report",
    "Source",
    "Survey",
    "examine",
    "format_of",
    "open_source",
    "read_log",
    "told",
]
