from django.urls import path

from . import aftermath, door, health, views

app_name = "checkout"

urlpatterns = [
    path("", views.page, name="page"),
    path("summary/", views.summary, name="summary"),
    path("payment/", views.payment, name="payment"),
    path("return/<slug:token>/", aftermath.return_, name="return"),
    path("status/<slug:token>/", aftermath.status, name="status"),
    path("status/<slug:token>/poll/", aftermath.poll, name="poll"),
    path("webhook/", door.webhook, name="webhook"),
    path("health/", health.health, name="health"),
]
