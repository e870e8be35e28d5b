"""The only place that knows wechaty. Everything else speaks `bot.gateway.base`."""
