"""The office's file share: one folder, two people, passwords by basic authentication behind TLS."""
from wsgidav.wsgidav_app import WsgiDAVApp

PEOPLE = {"petra": {"password": "tulip-9"}, "omar": {"password": "anvil-3"}}


def make_app(folder):
    return WsgiDAVApp({
        "provider_mapping": {"/office": str(folder)},
        "simple_dc": {"user_mapping": {"/office": PEOPLE}},
        "http_authenticator": {"accept_basic": True, "accept_digest": False, "default_to_digest": False},
        "error_printer": {"catch_all": False},  # the server logs them
    })
