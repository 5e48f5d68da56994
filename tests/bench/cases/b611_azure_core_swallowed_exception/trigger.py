"""Gateway of a wind farm: hands measurements to a cloud service; what cannot be sent is kept for later."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s:%(name)s:%(message)s",
)
log = logging.getLogger("gateway.uplink")

from azure.core.exceptions import AzureError, ServiceRequestError
from azure.core.pipeline import Pipeline
from azure.core.pipeline.policies import HeadersPolicy, SansIOHTTPPolicy
from azure.core.pipeline.transport import HttpRequest, HttpTransport


class LinkState(SansIOHTTPPolicy):
    """Counts what the mobile link loses. True says that the exception has been dealt with."""

    def __init__(self):
        self.lost = 0

    def on_exception(self, request):
        self.lost += 1
        log.warning("link lost, %s not answered", request.http_request.url)
        return True


class Answer:
    status_code = 201


class MobileLink(HttpTransport):
    """Stands for the modem: the third request finds no network."""

    def __init__(self):
        self.requests = 0

    def send(self, request, **kwargs):
        self.requests += 1
        if self.requests == 3:
            raise ServiceRequestError("Failed to establish a new connection: Network is unreachable")
        return Answer()

    def open(self):
        pass

    def close(self):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *details):
        pass


def send(pipeline, turbine, kilowatt):
    request = HttpRequest("POST", f"https://farm.example/v2/turbines/{turbine}/power")
    request.set_json_body({"kw": kilowatt})
    try:
        result = pipeline.run(request)
    except AzureError as error:
        log.info("turbine %s: kept for later (%s)", turbine, type(error).__name__)
    else:
        log.info("turbine %s: %d kW sent, status %d", turbine, kilowatt, result.http_response.status_code)


def main():
    state = LinkState()
    pipeline = Pipeline(MobileLink(), policies=[HeadersPolicy({"x-farm": "north-2"}), state])
    for turbine, kilowatt in (("T1", 1840), ("T2", 1795), ("T3", 1901), ("T4", 0)):
        send(pipeline, turbine, kilowatt)
    log.info("round finished, %d lost", state.lost)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("uplink stopped")
        sys.exit(1)
