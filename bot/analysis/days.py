"""On which day of a timezone a moment lies: fast for moments in order, as all talk is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

_NO_TIME = datetime.min.replace(tzinfo=UTC)


class LocalDays:
    """The days of one timezone. The last one is remembered: the next question is mostly about it."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._day, self._since, self._until = date.min, _NO_TIME, _NO_TIME

    def of(self, moment: datetime) -> date:
        """The day of a moment (UTC)."""
        if not self._since <= moment < self._until:
            self._day = moment.astimezone(self._zone).date()
            self._since, self._until = self._begin(self._day), self._begin(self._day + timedelta(days=1))
        return self._day

    def _begin(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._zone).astimezone(UTC)
