"""Tries the address of a webhook before it is stored."""
import requests


class Refused(Exception):
    """The address cannot be used; the text is shown to the customer."""


def probe(url, timeout=3):
    try:
        response = requests.head(url, timeout=timeout, allow_redirects=False)
    except requests.exceptions.Timeout:
        raise Refused("no answer in time") from None
    except requests.exceptions.ConnectionError:
        raise Refused("no connection") from None
    except requests.exceptions.RequestException as error:
        raise Refused(f"not an address: {type(error).__name__}") from None
    if response.status_code >= 400:
        raise Refused(f"answered with {response.status_code}")
    return response.headers.get("Server", "unknown")
