"""The daily mail to tenants: what their meters counted."""
import humanize


def average(readings):
    return sum(readings) / len(readings) if readings else 0.0


def line(meter):
    power = humanize.metric(average(meter["watts"]), "W")
    used = humanize.metric(meter["joules"], "J", precision=4)
    return f"{meter['room']:<12} {power:>10} {used:>12}"


def mail(tenant):
    lines = [f"Dear {tenant['name']}, yesterday your meters counted:"]
    lines += [line(meter) for meter in tenant["meters"]]
    return "\n".join(lines)
