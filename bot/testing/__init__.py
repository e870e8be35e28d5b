"""A whole bot in a simulated group, driven by talking to it: for tests, for the demo, for your own plugins.

    with Stage(folder) as stage:
        room = stage.room("岩茶同好会", owner="老周", members=["小林"])
        stage.person("小陈").joins(room)
        stage.advance(minutes=2)
        assert "小陈" in room.hears().text

Only the gateway's network, the clock and the dice are replaced. What the bot says must be read: words left
unread when the stage closes are an error, so that silence is a statement too.
"""

from bot.testing.people import HEARS_WITHIN, Listener, Player, StageRoom, Unread
from bot.testing.stage import MORNING, Stage

__all__ = ["HEARS_WITHIN", "MORNING", "Listener", "Player", "Stage", "StageRoom", "Unread"]
