"""Run by alembic: applies the versions on the connection that `bot.storage.migrate` opened."""

from __future__ import annotations

from alembic import context

from bot.storage.migrate import configure

configure(context)
context.run_migrations()
