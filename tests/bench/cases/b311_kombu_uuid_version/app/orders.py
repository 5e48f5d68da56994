"""Orders on their way from the shop to the warehouse."""
from kombu import Connection

QUEUE = "orders"


def connect(url="memory://"):
    return Connection(url)


def send(connection, order):
    queue = connection.SimpleQueue(QUEUE)
    queue.put(order, serializer="json")
    queue.close()


def pack(connection):
    """Number of the next order and how many articles were packed."""
    queue = connection.SimpleQueue(QUEUE)
    message = queue.get(timeout=1)
    order = message.payload
    message.ack()
    queue.close()
    return order["id"], len(order["articles"])
