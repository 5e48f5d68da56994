"""Head office: hands the changes of the gateway's settings on to its branches, one revision after the other."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)-7s %(name)-10s %(message)s",
)
log = logging.getLogger("replica")

import replica

FIRST = {
    "name": "gateway",
    "forward": {443: "web", 8080: "old web", "sip": "phone", 5060: "phone"},
    "dns": ["10.0.0.2", "10.0.0.3"],
}
REVISIONS = [
    FIRST,
    {**FIRST, "dns": ["10.0.0.2", "10.0.0.9"]},
    {**FIRST, "dns": ["10.0.0.2", "10.0.0.9"], "forward": {443: "web", "sip": "phone", 5060: "phone"}},
    {**FIRST, "dns": ["10.0.0.2", "10.0.0.9"], "forward": {443: "web"}, "timeout": 30},
    {**FIRST, "dns": ["10.0.0.2"], "forward": {443: "web"}, "timeout": 60},
]


def main():
    branches = [replica.Branch(name, FIRST) for name in ("nord", "west")]
    for old, new in zip(REVISIONS, REVISIONS[1:]):
        data = replica.change(old, new)
        for branch in branches:
            revision = branch.receive(data)
            log.info("branch %s at revision %d, as meant: %s", branch.name, revision, branch.settings == new)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("revision not handed on")
        sys.exit(1)
    log.info("all branches up to date")
