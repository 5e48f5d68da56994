"""Settings of the services of a small provider: limits are set by program, the rest by hand, with comments."""
import tomlkit


def set_limit(text, service, what, value):
    """The settings with one more limit for a service."""
    document = tomlkit.parse(text)
    apply(document, service, {what: value})
    return tomlkit.dumps(document)


def set_limits(text, limits):
    """The settings with limits for several services: {service: {what: value}}."""
    document = tomlkit.parse(text)
    kinds = sorted({what for wanted in limits.values() for what in wanted})
    for what in kinds:
        for service, wanted in limits.items():
            if what in wanted:
                apply(document, service, {what: wanted[what]})
    return tomlkit.dumps(document)


def apply(document, service, wanted):
    table = document["services"][service]
    for what, value in wanted.items():
        table.add(tomlkit.key(["limits", what]), value)
