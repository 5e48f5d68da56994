"""Check of the gateways' settings, as it runs for every change that is handed in."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s [%(levelname)s] %(message)s",
    datefmt="%Y-%m-%dT%H:%M:%S",
)
log = logging.getLogger("settings-check")

import gateways

FILES = {
    "nord.yaml": "name: gw-nord\ndns: [10.0.0.2, 10.0.0.3]\nforward: {web: 443, mail: 25}\n",
    "west.yaml": "name: west\nforward: {web: '443'}\n",
    "lab.yaml": "name: gw-lab\nforward:\n  web: 443\n  printer: 631\n",
    "plant.yaml": "name: gw-plant\nforward:\n  default: drop\n  8080: old web\n  camera: 554\n",
    "sued.yaml": "name: gw-sued\nforward: {mail: 587}\n",
}


def main():
    refused = crashed = 0
    for name, text in FILES.items():
        try:
            found = gateways.problems(text)
        except Exception:
            log.exception("%s could not be checked", name)
            crashed += 1
            continue
        for problem in found:
            log.warning("%s: %s", name, problem)
        refused += bool(found)
    log.info("%d files, %d refused", len(FILES), refused)
    return crashed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
