"""Errors that a person has to read: a key into `messages.yaml` and the values that its text wants."""

from __future__ import annotations


class QunxingError(Exception):
    """Base of what stops a command of ours. `bot.messages` turns it into one Chinese sentence."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key, values)
        self.key = key
        self.values = values

    def __str__(self) -> str:
        """For logs: the key and the values, no prose."""
        return f"{self.key} {self.values}" if self.values else self.key


class ConfigError(QunxingError):
    """Something in the configuration cannot be used."""


class StorageError(QunxingError):
    """The database cannot go on; what was being written is rolled back wholly."""


class StorageFull(StorageError):
    """No space left: nothing was stored, nothing is damaged, and it works again once there is space."""


class StorageBroken(StorageError):
    """The file is damaged or is not a database: restore a backup."""
