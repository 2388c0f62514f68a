from django.urls import path

from . import views

app_name = "checkout"
urlpatterns = [
    path("", views.page, name="page"),
    path("status/<str:number>/", views.status, name="status"),
]
