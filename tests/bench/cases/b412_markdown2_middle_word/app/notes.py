"""Release notes of several teams, made into HTML; each team says in a file of its own what it writes."""
import markdown2
import yaml

TEAMS = """
web:
  extras: [tables, strike]
data:
  extras:
    header-ids: {prefix: data}
    tables:
firmware:
  extras:
    tables:
    middle-word-em:
"""


def teams():
    return yaml.safe_load(TEAMS)


def render(team, text):
    return str(markdown2.markdown(text, extras=teams()[team]["extras"], safe_mode="escape"))
