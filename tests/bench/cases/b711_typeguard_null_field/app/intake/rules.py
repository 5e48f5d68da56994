"""What the fields of a message have to look like. A field that stands for something unused has to be null."""
from typing import Optional

METER = {
    "serial": str,
    "readings": list[float],
    "battery": Optional[int],
}
GATEWAY = {
    "serial": str,
    "children": list[str],
    "battery": None,
    "uptime": int,
}
KINDS = {"meter": METER, "gateway": GATEWAY}
