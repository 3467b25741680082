"""The page of a SKU, with the copies that it holds up."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from config.modes import mode_of
from ordercopy.choosing import met, with_cause
from ordercopy.models import FactoryStatus, OrderCopy
from orders.admin.catalogue import SkuAdmin
from orders.models import Sku

admin.site.unregister(Sku)


@admin.register(Sku)
class SkuWithCopiesAdmin(SkuAdmin):
    """Says how many failed copies wait for a SKU, and leads to where they are freed."""

    change_form_before_template = "ordercopy/sku_in_the_way.html"

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        code = Sku.objects.filter(pk=object_id, mode=mode_of(request)).values_list(
            "code", flat=True
        )
        blocked = 0
        if request.user.has_perm("ordercopy.view_ordercopy") and (found := code.first()):
            failed = OrderCopy.objects.filter(mode=mode_of(request), status=FactoryStatus.FAILED)
            blocked = failed.filter(met(with_cause(sku_code=found))).count()
        said = {"blocked": blocked, "blocking": found if blocked else None}
        return super().change_view(request, object_id, form_url, {**said, **(extra_context or {})})
