"""Calendar feeds of the offices; each says its own time zone and those of its meetings."""
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

FIRST, LAST = date(2025, 1, 1), date(2028, 1, 1)


def meeting(title, start, zone):
    begins = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone))
    event = Event()
    event.add("summary", title)
    event.add("dtstart", begins)
    event.add("dtend", begins + timedelta(minutes=45))
    return event


def feed(office, zone, meetings):
    calendar = Calendar()
    calendar.add("prodid", f"-//offices//{office}//EN")
    calendar.add("version", "2.0")
    calendar.add_component(Timezone.from_tzid(zone, first_date=FIRST, last_date=LAST))
    for title, start, where in meetings:
        calendar.add_component(meeting(title, start, where))
    calendar.add_missing_timezones(first_date=FIRST, last_date=LAST)
    return calendar.to_ical()
