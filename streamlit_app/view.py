"""What every page is shown for: station, language, state of the lake, the time."""

from dataclasses import dataclass
from datetime import date, datetime
from math import isnan

from streamlit_app.store import Version
from streamlit_app.words import Words
from weather_assets.clock import DAY, HOUR, KST, kst_date
from weather_assets.stations import station

STALE_AFTER = 3 * HOUR
"""A reading comes every hour; three late ones are no chance."""

_WEEKDAYS_KO, _WEEKDAYS_EN = "월화수목금토일", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class View:
    """One reader's view. `newest_at` is the station's newest reading, `now` the present."""

    station_id: int
    station_ids: tuple[int, ...]
    version: Version
    is_simulated: bool
    newest_at: datetime
    now: datetime
    words: Words

    @property
    def is_stale(self) -> bool:
        """Whether readings have stopped coming."""
        return self.now - self.newest_at > STALE_AFTER

    @property
    def place(self) -> str:
        """Name of the station."""
        found = station(self.station_id)
        return self.words.pick(found.name_ko, found.name_en)

    @property
    def source(self) -> str:
        """Where the readings are from, in words."""
        if self.is_simulated:
            return self.words.pick("모의 관측값", "simulated readings")
        return self.words.pick("기상청 관측값", "readings of the KMA")

    def day(self, day: date) -> str:
        """A KST day: today or tomorrow where it is that, else with its date (and its year where it is not this)."""
        near = {0: "today", 1: "tomorrow"}.get((day - kst_date(self.now)).days)
        if near:
            return self.words(near)
        return self.date(day)

    def date(self, day: date) -> str:
        """A day as its date, with the year where it is not this one."""
        other_year = day.year != kst_date(self.now).year
        korean = f"{f'{day.year}년 ' if other_year else ''}{day.month}월 {day.day}일({_WEEKDAYS_KO[day.weekday()]})"
        english = (
            f"{_WEEKDAYS_EN[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}{f' {day.year}' if other_year else ''}"
        )
        return self.words.pick(korean, english)

    def moment(self, instant: datetime) -> str:
        """An instant as day and time in Korea."""
        local = instant.astimezone(KST)
        return f"{self.day(local.date())} {local:%H:%M}"

    def ago(self, instant: datetime) -> str:
        """How long before the present an instant lies, in words."""
        hours = int((self.now - instant) / HOUR)
        days = int((self.now - instant) / DAY)
        if hours < 1:
            minutes = max(0, int((self.now - instant).total_seconds() // 60))
            return self.words.pick(f"{minutes}분 전", f"{minutes} min ago")
        if hours < 48:  # noqa: PLR2004  # two days are still felt in hours
            return self.words.pick(f"{hours}시간 전", f"{hours} h ago")
        return self.words.pick(f"{days:,}일 전", f"{days:,} days ago")

    def eight_in_ten(self, low: float, high: float, unit: str) -> str:
        """The 80 % interval in words, which is not read as the day's range."""
        first, last = whole(low), whole(high)
        if first == last:
            return self.words.pick(f"10번 중 8번은 {first} {unit}쯤", f"8 times in 10 about {first} {unit}")
        return self.words.pick(
            f"10번 중 8번은 {first}~{last} {unit}", f"8 times in 10 between {first} and {last} {unit}"
        )

    def origin(self, issued_at: datetime) -> str:
        """When and from what a number was issued."""
        return f"{self.words('issued')} {self.moment(issued_at)} · {self.source}"


def whole(value: float) -> str:
    """A number without decimals, never -0; a dash for what is not known (NaN)."""
    return "-" if isnan(value) else f"{round(value):d}"
