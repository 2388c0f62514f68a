"""Stripe's errors, one constructor per kind.

Source: https://docs.stripe.com/api/errors and /error-codes.
"""

from typing import Any

DOCS = "https://stripe.com/docs/error-codes/"


class ApiError(Exception):
    """An answer that is not 200.

    ``saved`` tells the idempotency store whether the request had begun to
    execute, so that a repeat must give the same answer.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        type: str = "invalid_request_error",
        saved: bool = False,
        headers: dict[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.saved = saved
        # The id of what was looked for and not found.
        self.about = ""
        self.headers = headers or {}
        self.members = {"type": type, "message": message} | members

    def body(self) -> dict[str, Any]:
        """The envelope. Absent members are left out, never null."""
        members = {key: value for key, value in self.members.items() if value}
        if code := members.get("code"):
            members["doc_url"] = DOCS + str(code).replace("_", "-")
        return {"error": members}


def invalid(message: str, param: str | None = None, **members: Any) -> ApiError:
    return ApiError(400, message, param=param, **members)


def missing(param: str) -> ApiError:
    message = f"Missing required param: {param}."
    return invalid(message, param, code="parameter_missing")


def unknown(params: list[str]) -> ApiError:
    word = "parameter" if len(params) == 1 else "parameters"
    message = f"Received unknown {word}: {', '.join(params)}"
    return invalid(message, params[0], code="parameter_unknown")


def empty(param: str) -> ApiError:
    message = (
        f"You passed an empty string for '{param}'. We assume empty values are an "
        f"attempt to unset a parameter; however '{param}' cannot be unset. You should "
        f"remove '{param}' from your request or supply a non-empty value."
    )
    return invalid(message, param, code="parameter_invalid_empty")


def exclusive(params: list[str]) -> ApiError:
    message = "You may only specify one of these parameters: " + ", ".join(params) + "."
    return invalid(message, params[0], code="parameters_exclusive")


def absent(kind: str, id: str, param: str = "id") -> ApiError:
    """No such object: 404 for the one in the path.

    The API makes it a 400 when the id came as a parameter, see ``about``.
    """
    message = f"No such {kind}: '{id}'"
    error = ApiError(404, message, param=param, code="resource_missing")
    error.about = id
    return error


def unexpected_state(message: str, intent: dict[str, Any]) -> ApiError:
    """The intent cannot make that move; the reader gets it to look at."""
    name: str = intent["object"]
    error = ApiError(400, message, saved=True, code=f"{name}_unexpected_state")
    error.members[name] = intent
    return error


def card(message: str, code: str, **members: Any) -> ApiError:
    return ApiError(402, message, type="card_error", saved=True, code=code, **members)


def server_error(status: int = 500) -> ApiError:
    message = (
        "An unknown error occurred in the stand-in, because the desk asked for it."
    )
    return ApiError(status, message, type="api_error", saved=True)


def rate_limited() -> ApiError:
    message = "Too many requests hit the API too quickly. Back off and try again."
    headers = {"Stripe-Rate-Limited-Reason": "global-rate"}
    return ApiError(429, message, code="rate_limit", headers=headers)


def lock_timeout() -> ApiError:
    message = (
        "This object cannot be accessed right now because another API request or "
        "Stripe process is currently accessing it. Try again."
    )
    headers = {"Stripe-Should-Retry": "true"}
    return ApiError(429, message, code="lock_timeout", headers=headers)
