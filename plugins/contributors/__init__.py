"""大神: who helps whom, crediting it so that others see it, and offering a stage.

`declared` holds the plugin value; each topic file adds its handlers to it.
"""

from plugins.contributors.declared import plugin

__all__ = ["plugin"]
