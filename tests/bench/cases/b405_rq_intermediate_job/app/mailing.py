"""Mails of a ticket shop; a worker sends what the shop puts into the queue."""
import logging

from rq import Queue

log = logging.getLogger("mailing")
sent = []


def send(recipient, template, **values):
    log.info("sending %s to %s", template, recipient)
    sent.append((recipient, template))
    return {"recipient": recipient, "template": template, "values": len(values)}


def queue(connection):
    return Queue("mail", connection=connection, default_timeout=60)


def confirm(connection, order, recipient):
    return queue(connection).enqueue(send, recipient, "confirmation", order=order, job_id=f"confirm-{order}")


def cancel(connection, order):
    """The customer gives the order back: the mail about it shall not go out."""
    job = queue(connection).fetch_job(f"confirm-{order}")
    if job is not None:
        job.delete()
    return job is not None
