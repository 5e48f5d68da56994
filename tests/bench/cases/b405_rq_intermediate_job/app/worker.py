"""Worker of the mail queue, started by the service manager."""
from rq import SimpleWorker

import mailing


def run(connection, name):
    """Do what is in the queue and come back."""
    worker = SimpleWorker([mailing.queue(connection)], connection=connection, name=name)
    return worker.work(burst=True)
