"""Nightly clustering: groups the members of every tenant by whom they write to."""
import json
import os
import sqlite3
import sys
import traceback

import networkx as nx

MEMBERS = {"acme": ["ann", "bob", "cid", "dea"], "newco": ["eve", "fay"]}
MESSAGES = [("acme", "ann", "bob", 9), ("acme", "bob", "ann", 4), ("acme", "cid", "dea", 7), ("acme", "bob", "cid", 1)]


def emit(stream, **fields):
    print(json.dumps(fields), file=stream, flush=True)


def open_database():
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE members (tenant TEXT, name TEXT)")
    database.execute("CREATE TABLE messages (tenant TEXT, sender TEXT, receiver TEXT, n INTEGER)")
    for tenant, names in MEMBERS.items():
        database.executemany("INSERT INTO members VALUES (?, ?)", [(tenant, name) for name in names])
    database.executemany("INSERT INTO messages VALUES (?, ?, ?, ?)", MESSAGES)
    return database


def load_graph(database, tenant):
    graph = nx.Graph()
    graph.add_nodes_from(name for (name,) in database.execute("SELECT name FROM members WHERE tenant = ?", (tenant,)))
    rows = database.execute("SELECT sender, receiver, n FROM messages WHERE tenant = ?", (tenant,))
    for sender, receiver, n in rows:
        before = graph.get_edge_data(sender, receiver, {"weight": 0})["weight"]
        graph.add_edge(sender, receiver, weight=before + n)
    return graph


def cluster(database, tenant):
    graph = load_graph(database, tenant)
    return [sorted(group) for group in nx.community.louvain_communities(graph, weight="weight", seed=7)]


def main(stream=sys.stderr):
    database = open_database()
    for tenant in MEMBERS:
        emit(stream, level="info", event="clustering", tenant=tenant)
        emit(stream, level="info", event="clustered", tenant=tenant, groups=cluster(database, tenant))


if __name__ == "__main__":
    with open(os.environ.get("PROD_LOG", "prod.log"), "w", encoding="utf-8") as out:
        try:
            main(out)
        except Exception as error:
            emit(out, level="error", event="job failed", error=repr(error))
            traceback.print_exc(file=out)
            sys.exit(1)
