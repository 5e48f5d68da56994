"""Client of the price service; answers are kept for a while."""
import io

import requests
from requests.adapters import BaseAdapter
from requests_cache import CachedSession
from urllib3 import HTTPResponse


class LocalService(BaseAdapter):
    """Plays the price service inside the process."""

    def send(self, request, **kwargs):
        body = b'{"sku": "%s", "cents": 1250}' % request.path_url.rsplit("/", 1)[1].encode()
        raw = HTTPResponse(io.BytesIO(body), status=200, headers={"Content-Type": "application/json"}, preload_content=False)
        return requests.adapters.HTTPAdapter().build_response(request, raw)

    def close(self):
        pass


class Prices:
    def __init__(self, database):
        self.session = CachedSession(database, backend="sqlite", expire_after=600)
        self.session.mount("https://prices.test/", LocalService())

    def price(self, sku, signature=None):
        headers = {"X-Signature": signature} if signature else {}
        response = self.session.get("https://prices.test/v1/" + sku, headers=headers)
        return response.json()["cents"], response.from_cache
