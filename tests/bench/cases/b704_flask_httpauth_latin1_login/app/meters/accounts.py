"""Who may read the meters. Passwords are kept as hashes."""
import hashlib

_ACCOUNTS = {
    "müller": hashlib.sha256("Frühling-17".encode()).hexdigest(),
    "operator": hashlib.sha256(b"n0t-secret").hexdigest(),
}


def check(name, password):
    stored = _ACCOUNTS.get(name)
    return stored is not None and stored == hashlib.sha256((password or "").encode()).hexdigest()
