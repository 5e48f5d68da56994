"""Alerts that users have defined: a JSONPath each, looked for in what the shops deliver."""
from jsonpath_ng.ext import parse


class Rule:
    def __init__(self, owner, query):
        self.owner = owner
        self.query = query
        self.path = parse(query)

    def hits(self, document):
        return [match.value["name"] for match in self.path.find(document)]


def load(lines):
    """Rules from lines of the form `owner: query`."""
    for line in lines:
        owner, _, query = line.partition(":")
        yield Rule(owner.strip(), query.strip())
