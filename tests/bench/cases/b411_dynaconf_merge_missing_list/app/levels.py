"""Water levels: what a site gathers is told by the common settings and its own."""
from pathlib import Path

from dynaconf import Dynaconf

CONF = Path(__file__).with_name("conf")


def settings(site):
    return Dynaconf(
        root_path=CONF,
        settings_files=["common.yaml", f"sites/{site}.yaml"],
        envvar_prefix="LEVELS",
    )


def plan(site):
    """(seconds between two rounds, stations to ask, addresses to tell)"""
    conf = settings(site)
    stations = [f"{kind}/{name}" for kind, names in sorted(conf.sources.items()) for name in names]
    return conf.interval, stations, list(conf.mail.recipients)
