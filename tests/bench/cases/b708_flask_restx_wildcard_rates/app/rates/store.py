"""Exchange rates to the euro, as the banks report them; on a holiday few of them do."""
import json

FEED = json.loads("""
{
  "2021-10-29": {"USD": 1.1645, "CHF": "1.0593", "HRK": 7.52, "CZK": 25.683},
  "2021-11-01": {"CHF": "1.0571"}
}
""")


def on(day):
    return FEED.get(day)
