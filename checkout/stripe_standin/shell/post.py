"""Posts webhook deliveries to their endpoints."""

import urllib.error
import urllib.request

from ..protocol.http import Request

DELIVERY_TIMEOUT_SECONDS = 10.0


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is a failed delivery, not an invitation."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


# No proxies: a company's proxy would swallow calls to the loopback.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect())


def send(request: Request) -> int | None:
    """POST a delivery. Returns the status, or ``None`` when nobody answered."""
    # Endpoints are http or https: `endpoints.check_url` has seen to that.
    posted = urllib.request.Request(  # noqa: S310
        request.path, request.body, dict(request.headers), method="POST"
    )
    try:
        with OPENER.open(posted, timeout=DELIVERY_TIMEOUT_SECONDS) as answer:
            status: int = answer.status
            return status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except (OSError, ValueError):
        return None
