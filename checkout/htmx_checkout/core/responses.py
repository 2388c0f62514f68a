"""What answers of pages and of the webhook endpoint have in common."""

from django.http import HttpResponse


def quiet(response: HttpResponse) -> HttpResponse:
    """Keep Django from logging a 5xx answer as an error, which mails ``ADMINS``.

    For answers whose cause is logged already, once for each call to Stripe. The mark
    is the one that ``django.utils.log.log_response`` sets and looks for.
    """
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
