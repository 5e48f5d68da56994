"""Weather balloon: the ground station puts the frames of the radio together and stores them for the decoder."""
import logging
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)-8s balloon %(message)s",
)
log = logging.getLogger("balloon")

from bitstring import Bits, BitStream, pack

SYNC = Bits("0x1acffc1d")


@dataclass
class Frame:
    number: int
    readings: list = field(default_factory=list)

    def add(self, kelvin_tenths, pascal):
        self.readings.append(pack("uint:12, uint:20", kelvin_tenths, pascal))

    def body(self):
        body = BitStream()
        for reading in self.readings:
            body = body + reading
        return body

    def to_bits(self):
        head = BitStream(uint=self.number, length=16)
        return head + self.body() + SYNC


def main():
    frames = [Frame(71), Frame(72)]  # the sensor froze after the first
    frames[0].add(2631, 54020)
    frames[0].add(2598, 52870)
    path = Path("frames.bin")
    with path.open("wb") as store:
        for frame in frames:
            size = store.write(frame.to_bits().tobytes())
            log.info("frame %d: %d readings, %d bytes", frame.number, len(frame.readings), size)
    log.info("%d bytes stored", path.stat().st_size)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("frame lost")
        sys.exit(1)
