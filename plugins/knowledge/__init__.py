"""干货: what members came for. `declared` holds the plugin value; each topic file adds its handlers to it."""

from plugins.knowledge.declared import plugin

__all__ = ["plugin"]
