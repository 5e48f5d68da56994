"""Messages on their way out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """A text for an address on a channel."""

    channel: str
    address: str
    text: str


class Outbox:
    """Keeps messages until they are fetched."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def send(self, channel: str, address: str, text: str) -> None:
        """Put a message into the box."""
        self.messages.append(Message(channel, address, text))
