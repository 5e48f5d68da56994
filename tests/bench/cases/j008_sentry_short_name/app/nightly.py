"""Jobs of the night."""


def collect_readings(meters):
    return {meter: 40 + len(meter) for meter in meters}


def rebuild_index(readings):
    return sorted(readings, key=readings.get)
