"""Who answers whom: for each message the earlier one that it most likely answers, or none.

`Linker` is the incremental state of one room. `talk` is what it remembers, `features` what it looks at,
`model` how it weighs that, `names` and `marks` how it reads a text.
"""

from bot.analysis.links.linker import RESTORED_FROM, Linker
from bot.analysis.links.model import MODEL_VERSION

__all__ = ["MODEL_VERSION", "RESTORED_FROM", "Linker"]
