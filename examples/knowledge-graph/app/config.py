"""Default configuration of the application."""

from pathlib import Path
from typing import Any

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DATA_DIR = PROJECT_ROOT / "data"

DEFAULTS: dict[str, Any] = {
    "TESTING": False,
    "DATABASE": ":memory:",
    "SEED_FILE": DATA_DIR / "seed.json",
    "FEED_DIR": DATA_DIR / "feeds",
    "LOG_DIR": PROJECT_ROOT / "app" / "logs",
    "LOG_TO_SQLITE": False,
}
