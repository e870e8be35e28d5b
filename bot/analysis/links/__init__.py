"""Which message a message answers, found as the room's talk goes by."""

from bot.analysis.links.linker import MODEL_VERSION, Linker

__all__ = ["MODEL_VERSION", "Linker"]
