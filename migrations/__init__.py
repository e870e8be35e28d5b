"""The database's versions, one line of them: `bot.storage.migrate` runs them.

A plugin's version stands here too, with the plugin's name in the file name: `0002_welcome_tables.py`.
"""
