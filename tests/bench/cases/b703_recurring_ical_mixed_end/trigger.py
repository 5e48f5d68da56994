"""Door display of a community centre: what takes place in its rooms this week, from the calendars people upload."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s %(name)s - %(message)s",
)
log = logging.getLogger("display.week")

import datetime

import icalendar
import recurring_ical_events

ROOMS = {
    "Hall": """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//centre//bookings//EN
BEGIN:VEVENT
UID:choir-1@centre.example
DTSTAMP:20240801T080000Z
SUMMARY:Choir
DTSTART:20240903T170000Z
DTEND:20240903T190000Z
RRULE:FREQ=WEEKLY;COUNT=10
END:VEVENT
END:VCALENDAR
""",
    "Kitchen": """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//phone//organizer 4.2//EN
BEGIN:VEVENT
UID:canteen-77@phone.example
DTSTAMP:20240829T101500Z
SUMMARY:Cooking for the flea market
DTSTART;VALUE=DATE:20240912
DTEND:20240913T180000Z
LOCATION:Kitchen
END:VEVENT
BEGIN:VEVENT
UID:canteen-78@phone.example
DTSTAMP:20240829T101500Z
SUMMARY:Inventory
DTSTART;VALUE=DATE:20240910
DTEND;VALUE=DATE:20240911
END:VEVENT
END:VCALENDAR
""",
}


def week(text, monday):
    calendar = icalendar.Calendar.from_ical(text)
    events = recurring_ical_events.of(calendar).between(monday, monday + datetime.timedelta(days=7))
    return sorted(f'{event["DTSTART"].dt:%d.%m.} {event["SUMMARY"]}' for event in events)


def main():
    monday = datetime.date(2024, 9, 9)
    for room, text in ROOMS.items():
        log.info("%s: %s", room, week(text, monday))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("display not updated")
        sys.exit(1)
    log.info("display updated")
