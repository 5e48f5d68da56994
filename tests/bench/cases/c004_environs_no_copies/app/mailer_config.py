"""Configuration of the mailer, taken from the environment."""
from dataclasses import dataclass
from typing import List, Optional

from environs import Env


@dataclass
class Config:
    server: str
    port: int
    recipients: List[str]
    copies: Optional[List[str]]


def load(prefix):
    env = Env()
    with env.prefixed(prefix):
        return Config(
            server=env("SERVER", "localhost"),
            port=env.int("PORT", 25),
            recipients=env.list("RECIPIENTS"),
            copies=env.list("COPIES", default=None),
        )
