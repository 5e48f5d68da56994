"""Finds the format in which a client likes to see a book."""
from webob.acceptparse import create_accept_header

FORMATS = ["text/html", "application/json", "application/epub+zip"]


def best_format(wanted):
    """`wanted` is what a reader has stored as a wish, or else the Accept header of the request."""
    offers = create_accept_header(wanted).acceptable_offers(FORMATS)
    return offers[0][0] if offers else FORMATS[0]
