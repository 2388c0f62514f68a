from django.urls import path

from . import views

app_name = "shop"
urlpatterns = [
    path("", views.shelf, name="shelf"),
    path("bag/", views.bag, name="bag"),
    path("bag/add/<slug:reference>/", views.add, name="add"),
    path("bag/quantity/<slug:reference>/", views.quantity, name="quantity"),
    path("currency/", views.currency, name="currency"),
    path("favicon.ico", views.favicon, name="favicon"),
]
