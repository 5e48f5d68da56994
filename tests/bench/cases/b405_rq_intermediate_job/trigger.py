"""Mail worker: it is killed with a mail in its hands, the order is given back, the next worker starts."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(process)d %(levelname)s %(name)s %(message)s",
)
import fakeredis

import mailing
import worker

shop = logging.getLogger("shop")


def main():
    connection = fakeredis.FakeStrictRedis(server=fakeredis.FakeServer())  # in place of a server
    queue = mailing.queue(connection)
    for order, recipient in ((5101, "lea@example.org"), (5102, "omar@example.org")):
        mailing.confirm(connection, order, recipient)
    worker.run(connection, "mail-1")
    connection.delete(queue.registry_cleaning_key)  # runs out a quarter of an hour later

    mailing.confirm(connection, 5103, "ruth@example.org")
    connection.lmove(queue.key, queue.intermediate_queue_key)  # all that the killed worker came to
    shop.info("order 5103 given back, mail withdrawn: %s", mailing.cancel(connection, 5103))
    mailing.confirm(connection, 5104, "paul@example.org")
    worker.run(connection, "mail-2")
    shop.info("%d mails sent, %d waiting", len(mailing.sent), len(queue))
    return len(queue)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
