"""Where our side answers."""

from django.urls import include, path

urlpatterns = [path("checkout/", include("htmx_checkout.urls"))]
