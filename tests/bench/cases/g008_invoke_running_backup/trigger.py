"""Supervisor job: starts the backups of several folders next to each other."""
import os
import sys
import traceback

from invoke import Context

FOLDERS = ["orders", "invoices"]


class Journal:
    """The file that the supervisor writes the job's output to."""

    def __init__(self, path):
        self.file = open(path, "a", encoding="utf-8")

    def say(self, text):
        self.file.write("backup[8814]: " + text + "\n")
        self.file.flush()


def start(context, folder):
    return context.run(f"echo saved {folder}", asynchronous=True, hide=True, in_stream=False)


def main():
    journal = Journal(os.environ.get("PROD_LOG", "prod.log"))
    context = Context()
    running = {}
    for folder in FOLDERS:
        running[folder] = start(context, folder)
    try:
        journal.say(f"started: {running}")
    finally:
        results = [promise.join() for promise in running.values()]
    for result in results:
        journal.say(f"{result.command!r} ended with {result.exited}")


if __name__ == "__main__":
    try:
        main()
    except Exception:
        with open(os.environ.get("PROD_LOG", "prod.log"), "a", encoding="utf-8") as file:
            traceback.print_exc(file=file)
        sys.exit(1)
