from django.shortcuts import get_object_or_404, render

from .models import Order


def page(request):
    return render(request, "checkout/page.html", {"orders": Order.objects.all()})


def status(request, number):
    order = get_object_or_404(Order, number=number)
    return render(request, "checkout/status.html", {"order": order})
