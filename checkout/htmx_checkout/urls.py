from django.urls import path

from . import health
from .pages import checkout, status
from .webhooks import views

app_name = "htmx_checkout"

urlpatterns = [
    path("", checkout.page, name="page"),
    path("summary/", checkout.summary, name="summary"),
    path("payment/", checkout.payment, name="payment"),
    path("return/<slug:token>/", status.return_, name="return"),
    path("status/<slug:token>/", status.status, name="status"),
    path("status/<slug:token>/poll/", status.poll, name="poll"),
    path("webhook/", views.webhook, name="webhook"),
    path("health/", health.health, name="health"),
]
