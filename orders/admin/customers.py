from django.contrib import admin

from orders.admin.base import ShopAdmin
from orders.models import Address, Customer, CustomerAddress, CustomerPaymentSource


@admin.register(Customer)
class CustomerAdmin(ShopAdmin):
    list_display = ["email", "shopper_reference", "created_at"]
    search_fields = ["=id", "^email", "=reference", "=shopper_reference"]
    autocomplete_fields = ["tags"]
    exclude = ["password"]


@admin.register(Address)
class AddressAdmin(ShopAdmin):
    list_display = ["full_name", "line_1", "zip_code", "city", "country_code"]
    search_fields = ["=id", "^last_name", "^company", "^city", "=zip_code"]
    autocomplete_fields = ["tags"]


@admin.register(CustomerAddress)
class CustomerAddressAdmin(ShopAdmin):
    list_display = ["customer", "address"]
    list_select_related = ["customer", "address"]
    search_fields = ["=id", "^customer__email"]
    autocomplete_fields = ["customer", "address"]


@admin.register(CustomerPaymentSource)
class CustomerPaymentSourceAdmin(ShopAdmin):
    list_display = ["customer", "payment_method", "payment_source_token"]
    list_select_related = ["customer", "payment_method"]
    search_fields = ["=id", "^customer__email", "=payment_source_token"]
    autocomplete_fields = ["customer", "payment_method", "payment_source"]
