"""The site, with one more payment page: the kind that quickstarts show."""

from pathlib import Path

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import include, path

from htmx_checkout.conf import conf
from htmx_checkout.csp import allow_stripe

CLASSIC = Path(__file__).resolve().parent.parent / "classic"


def buy(request):
    request.session["order_total"] = 4200
    return redirect("classic-pay")


@allow_stripe
def pay(request):
    page = engines["django"].from_string((CLASSIC / "pay.html").read_text())
    held = conf()
    context = {"publishable_key": held.publishable_key, "script_url": held.script_url}
    return HttpResponse(page.render(context, request))


def script(request):
    return HttpResponse(
        (CLASSIC / "pay.js").read_text(), content_type="text/javascript"
    )


urlpatterns = [
    path("classic/buy/", buy, name="classic-buy"),
    path("classic/", pay, name="classic-pay"),
    path("classic/pay.js", script, name="classic-script"),
    path("", include("project.urls")),
]
