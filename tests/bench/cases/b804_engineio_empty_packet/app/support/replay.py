"""Reads what the proxy recorded of Engine.IO polling requests, to see what a customer's browser sent."""
import logging
from dataclasses import dataclass, field

from engineio.packet import packet_names
from engineio.payload import Payload

log = logging.getLogger("support.replay")


@dataclass
class Session:
    sid: str
    messages: list = field(default_factory=list)
    kinds: dict = field(default_factory=dict)
    broken: int = 0

    def feed(self, body):
        try:
            packets = Payload(encoded_payload=body).packets
        except ValueError as error:
            log.warning("session %s: unreadable request (%s)", self.sid, error)
            self.broken += 1
            return
        for packet in packets:
            kind = packet_names[packet.packet_type]
            self.kinds[kind] = self.kinds.get(kind, 0) + 1
            if kind == "MESSAGE":
                self.messages.append(packet.data)


def replay(recording):
    """The sessions of a recording, which is a sequence of (session id, body of a request)."""
    sessions = {}
    for sid, body in recording:
        sessions.setdefault(sid, Session(sid)).feed(body)
    return sessions
