"""Where our side answers."""

from django.urls import include, path

urlpatterns = [path("checkout/", include("checkout.urls"))]
