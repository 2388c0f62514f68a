from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import Parcel


@admin.register(Parcel)
class ParcelAdmin(admin.ModelAdmin):
    list_display = ["reference", "slip", "email", "made_at", "packed_at"]
    list_filter = [("packed_at", admin.EmptyFieldListFilter)]
    search_fields = ["reference", "email"]
    readonly_fields = ["reference", "email", "contents", "made_at"]
    actions = ["mark_as_packed"]

    def has_add_permission(self, request):
        # A parcel is made by a paid order, and by nothing else.
        return False

    @admin.action(description=_("Mark as packed"))
    def mark_as_packed(self, request, queryset):
        queryset.filter(packed_at=None).update(packed_at=timezone.now())
