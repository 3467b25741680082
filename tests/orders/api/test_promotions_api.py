"""Promotions and coupons through the API."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from orders.models import Coupon, Order, Promotion
from orders.promotions import apply_promotions
from tests.api_client import ApiClient, errors_of, made, refused
from tests.factories import Line, Shop, market_beside, order_with, placed_order, shop, unused

pytestmark = pytest.mark.django_db
PERCENTAGE = "percentage_discount_promotions"
FIXED = "fixed_amount_promotions"
LAST_YEAR, NEXT_YEAR = (timezone.now() + timedelta(days=days) for days in (-365, 365))
RUNNING = {"starts_at": "2020-01-01T00:00:00.000Z", "expires_at": "2040-01-01T00:00:00.000Z"}


def create(api: ApiClient, resource: str, attributes: Any = None, **relationships: Any) -> Any:
    amount = {"percentage": 10} if resource == PERCENTAGE else {"fixed_amount_cents": 500}
    sent = {"name": unused("promotion"), **RUNNING, **amount, **(attributes or {})}
    return api.create(resource, sent, **relationships)


def test_a_percentage(api: ApiClient) -> None:
    data = made(create(api, PERCENTAGE, {"name": "Spring", "exclusive": None, "priority": None}))
    said = data["attributes"]
    assert (
        said
        | {
            "type": PERCENTAGE,
            "percentage": 10,
            "exclusive": False,
            "priority": 0,
            "total_usage_count": 0,
            "total_usage_reached": False,
            "active": True,
            "status": "active",
            "coupons_count": 0,
            **RUNNING,
        }
        == said
    )
    assert "weight" not in said
    stored = Promotion.objects.get(pk=data["id"])
    assert (stored.mode, stored.type, stored.percentage) == ("test", PERCENTAGE, 10)
    assert stored.fixed_amount_cents is None


def test_a_fixed_amount_has_a_currency(here: Shop, api: ApiClient) -> None:
    own = made(create(api, FIXED, {"currency_code": "USD", "fixed_amount_cents": 123456}))
    assert own["attributes"]["formatted_fixed_amount"] == "$1,234.56"
    assert own["attributes"]["fixed_amount_float"] == 1234.56
    of_market = made(create(api, FIXED, market=("markets", here.market)))
    assert of_market["attributes"]["formatted_fixed_amount"] == "€5,00"
    assert Promotion.objects.get(pk=of_market["id"]).currency_code == "EUR"
    currency = "/data/attributes/currency_code"
    assert refused(create(api, FIXED)) == (currency, "can't be blank")
    other = create(api, FIXED, {"currency_code": "USD"}, market=("markets", here.market))
    assert refused(other) == (currency, "USD does not match the market's EUR")
    answer = api.update(FIXED, own["id"], market=("markets", here.market))
    assert refused(answer) == (currency, "USD does not match the market's EUR")
    assert refused(api.update(FIXED, own["id"], {"currency_code": None}))[0] == currency
    assert made(api.update(FIXED, own["id"], {"name": "Same"}))["attributes"]["name"] == "Same"


@pytest.mark.parametrize(
    ("resource", "attributes", "name"),
    [
        (PERCENTAGE, {"percentage": 0}, "percentage"),
        (PERCENTAGE, {"percentage": 101}, "percentage"),
        (PERCENTAGE, {"percentage": None}, "percentage"),
        (PERCENTAGE, {"currency_code": "XXX"}, "currency_code"),
        (PERCENTAGE, {"total_usage_limit": -1}, "total_usage_limit"),
        (PERCENTAGE, {"starts_at": RUNNING["expires_at"]}, "expires_at"),
        (FIXED, {"currency_code": "EUR", "fixed_amount_cents": 0}, "fixed_amount_cents"),
        (FIXED, {"currency_code": "EUR", "fixed_amount_cents": -5}, "fixed_amount_cents"),
    ],
)
def test_what_no_promotion_can_be(
    api: ApiClient, resource: str, attributes: Any, name: str
) -> None:
    assert refused(create(api, resource, attributes))[0] == f"/data/attributes/{name}"
    assert not Promotion.objects.exists()


def test_a_kind_is_not_the_other(here: Shop, api: ApiClient) -> None:
    percentage, fixed = here.promotion(percentage=10), here.promotion(fixed=500)
    assert api.ids(f"/api/{PERCENTAGE}") == [percentage.pk]
    assert api.ids(f"/api/{FIXED}") == [fixed.pk]
    assert api.get(f"/api/{FIXED}/{percentage.pk}").status_code == 404
    answer = api.create(PERCENTAGE, {"fixed_amount_cents": 1})
    assert (400, "PARAM_NOT_ALLOWED", "/data/attributes/fixed_amount_cents") in errors_of(answer)


STATUSES: dict[str, dict[str, Any]] = {
    "disabled": {"disabled_at": LAST_YEAR, "expires_at": datetime(2020, 2, 1, tzinfo=UTC)},
    "expired": {"expires_at": LAST_YEAR},
    "pending": {"starts_at": NEXT_YEAR},
    "inactive": {"total_usage_limit": 2, "total_usage_count": 2},
    "active": {"total_usage_limit": 2, "total_usage_count": 1},
}


@pytest.mark.parametrize("status", STATUSES)
def test_the_status_says_whether_orders_get_it(here: Shop, api: ApiClient, status: str) -> None:
    promotion = here.promotion(
        percentage=10, **{"expires_at": NEXT_YEAR + timedelta(days=1), **STATUSES[status]}
    )
    order = order_with(here, Line(here.sku(price=1000)))
    apply_promotions([order.pk], at=timezone.now())
    order.refresh_from_db()
    said = api.document(f"/api/{PERCENTAGE}/{promotion.pk}")["data"]["attributes"]
    assert said["status"] == status
    assert said["active"] is (order.discount_amount_cents == -100)
    assert said["total_usage_reached"] is (status == "inactive")


def test_filters_of_their_own(here: Shop, api: ApiClient) -> None:
    end = NEXT_YEAR + timedelta(days=1)
    by_status = {
        status: here.promotion(percentage=10, **{"expires_at": end, **fields}).pk
        for status, fields in STATUSES.items()
    }

    def found(**filters: str) -> set[str]:
        asked = {f"filter[q][{name}]": value for name, value in filters.items()}
        return set(api.ids(f"/api/{PERCENTAGE}", asked))

    for status, pk in by_status.items():
        assert found(with_status=status) == {pk}
    assert found(active="true") == {by_status["active"]}
    assert found(active="false") == set(by_status.values()) - {by_status["active"]}
    assert found(expired="true") == {by_status["expired"], by_status["disabled"]}
    assert found(expired="true", with_status="disabled") == {by_status["disabled"]}
    for name, value in (("with_status", "lost"), ("active", "maybe")):
        answer = api.get(f"/api/{PERCENTAGE}", {f"filter[q][{name}]": value})
        assert errors_of(answer) == [(400, "INVALID_FILTER_VALUE", f"filter[q][{name}]")]
    answer = api.get("/api/orders", {"filter[q][active]": "true"})
    assert errors_of(answer) == [(400, "FILTER_NOT_ALLOWED", "filter[q][active]")]


def test_promotions_of_some_skus(here: Shop, api: ApiClient) -> None:
    mug, cup = here.sku("MUG-1"), here.sku("CUP-1")
    of_mug = here.promotion(percentage=10, skus=[mug])
    of_both = here.promotion(percentage=10, skus=[mug, cup])
    here.promotion(percentage=10)

    def found(predicate: str, value: str) -> set[str]:
        asked = {f"filter[q][sku_code_{predicate}]": value}
        return set(api.ids(f"/api/{PERCENTAGE}", asked))

    assert found("eq", "MUG-1") == {of_mug.pk, of_both.pk}
    assert found("eq", "CUP-1") == found("in", "CUP-1,NONE") == {of_both.pk}
    assert found("start", "CUP") == found("matches", "C%") == {of_both.pk}
    assert found("end", "-1") == {of_mug.pk, of_both.pk}
    assert set(api.ids(f"/api/{PERCENTAGE}/{of_both.pk}/skus")) == {mug.pk, cup.pk}


@pytest.mark.parametrize("resource", [PERCENTAGE, FIXED])
def test_switching_off_and_on(api: ApiClient, resource: str) -> None:
    data = made(create(api, resource, {"_disable": True, "currency_code": "EUR"}))
    assert data["attributes"]["status"] == "disabled"
    again = made(api.update(resource, data["id"], {"_enable": True, "_add_tags": "sale"}))
    assert again["attributes"]["status"] == "active"
    assert len(api.ids(f"/api/{resource}/{data['id']}/tags")) == 1


def test_a_coupon_unlocks_a_promotion(here: Shop, api: ApiClient) -> None:
    promotion = made(create(api, PERCENTAGE))["id"]
    attributes = {
        "code": "SPRING",
        "customer_single_use": True,
        "usage_limit": 2,
        "recipient_email": "bob@example.com",
        "expires_at": RUNNING["expires_at"],
    }
    data = made(api.create("coupons", attributes, promotion=(PERCENTAGE, promotion)))
    assert data["attributes"] | attributes | {"usage_count": 0} == data["attributes"]
    assert Coupon.objects.get(code="SPRING").promotion_id == promotion
    found = api.document(f"/api/{PERCENTAGE}/{promotion}", {"include": "coupons"})
    assert found["data"]["attributes"]["coupons_count"] == 1
    assert [each["id"] for each in found["included"]] == [data["id"]]
    asked = {"filter[q][promotion_id_eq]": promotion, "include": "promotion"}
    listed = api.document("/api/coupons", asked)
    assert [each["type"] for each in listed["included"]] == [PERCENTAGE]


def test_what_no_coupon_can_be(here: Shop, api: ApiClient) -> None:
    promotion = here.promotion(percentage=10)
    coupon = here.coupon("USED", promotion=promotion, usage_count=3)

    def send(attributes: Any) -> Any:
        return api.create("coupons", attributes, promotion=(PERCENTAGE, promotion))

    assert refused(send({"code": ""})) == ("/data/attributes/code", "can't be blank")
    assert refused(send({"code": "USED"})) == ("/data/attributes/code", "has already been taken")
    assert refused(send({"code": "x" * 41}))[0] == "/data/attributes/code"
    wrong = send({"code": "A", "recipient_email": "bob"})
    assert refused(wrong) == ("/data/attributes/recipient_email", "is invalid")
    less = api.update("coupons", coupon.pk, {"usage_limit": 2})
    limit = "/data/attributes/usage_limit"
    assert refused(less) == (limit, "is less than what was used already")
    alone = api.create("coupons", {"code": "ALONE"})
    assert refused(alone) == ("/data/relationships/promotion", "can't be blank")
    foreign = shop("live").promotion(percentage=10)
    answer = api.create("coupons", {"code": "LIVE"}, promotion=(PERCENTAGE, foreign))
    assert refused(answer) == ("/data/relationships/promotion", "must exist")
    fixed = here.promotion(fixed=5)
    answer = api.create("coupons", {"code": "OTHER"}, promotion=(PERCENTAGE, fixed))
    assert refused(answer) == ("/data/relationships/promotion", "must exist")
    assert made(send({"code": "used"}))["attributes"]["code"] == "used"
    assert set(Coupon.objects.values_list("code", flat=True)) == {"USED", "used"}


def test_what_orders_were_placed_with_stays(here: Shop, api: ApiClient) -> None:
    promotion = here.promotion(percentage=10)
    coupon = here.coupon("SPRING", promotion=promotion)
    order = order_with(here, Line(here.sku()), coupon_code="SPRING")
    apply_promotions([order.pk], at=timezone.now())
    made(api.update("orders", order.pk, {"_place": True}))
    used = ("/data", "cannot be deleted: orders were placed with SPRING")
    assert refused(api.delete("coupons", coupon.pk)) == used
    assert refused(api.delete(PERCENTAGE, promotion.pk)) == used
    made(api.update("orders", order.pk, {"_cancel": True}))
    assert refused(api.delete(PERCENTAGE, promotion.pk)) == ("/data", "is still in use")
    assert Coupon.objects.filter(pk=coupon.pk).exists()
    assert api.delete("coupons", coupon.pk).status_code == 204


def test_a_market_takes_its_unused_promotions_along(here: Shop, api: ApiClient) -> None:
    placed_order(here)
    market = market_beside(here)
    promotion = here.promotion(percentage=10, market=market)
    here.coupon("SPRING", promotion=promotion)
    assert api.delete("markets", market.pk).status_code == 204
    assert not Promotion.objects.exists()
    assert not Coupon.objects.exists()


class TestACouponThatIsNoGood:
    """It is refused as soon as an order is given it, not only when the order is to be placed."""

    POINTER = "/data/attributes/coupon_code"

    @pytest.mark.parametrize(
        ("code", "why"),
        [
            ("NOPE", "unknown"),
            ("spring", "unknown"),
            ("OLD", "expired"),
            ("SOON", "expired"),
            ("OFF", "expired"),
            ("GONE", "used up"),
            ("BOB", "not for this customer"),
        ],
    )
    def test_is_refused_in_an_order(self, here: Shop, api: ApiClient, code: str, why: str) -> None:
        here.coupon("SPRING")
        here.coupon("OLD", expires_at=LAST_YEAR)
        here.coupon("SOON", promotion=here.promotion(percentage=10, starts_at=NEXT_YEAR))
        here.coupon("OFF", promotion=here.promotion(percentage=10, disabled_at=LAST_YEAR))
        here.coupon("GONE", usage_limit=1, usage_count=1)
        here.coupon("BOB", recipient_email="bob@example.com")
        order = order_with(here, Line(here.sku(price=1000)))
        sent = {"coupon_code": code}

        made_with_it = api.create(
            "orders", {**sent, "customer_email": "al@example.com"}, market=("markets", here.market)
        )

        assert refused(made_with_it) == (self.POINTER, f"{code} is not valid: {why}")
        changed = api.update("orders", order.pk, sent)
        assert refused(changed) == (self.POINTER, f"{code} is not valid: {why}")
        order.refresh_from_db()
        assert (order.coupon_code, Order.objects.count()) == (None, 1)

    def test_that_was_good_before_can_be_sent_again_and_taken_off(
        self, here: Shop, api: ApiClient
    ) -> None:
        order = order_with(here, Line(here.sku()), coupon_code="NOPE")

        again = made(api.update("orders", order.pk, {"coupon_code": "NOPE", "language_code": "it"}))

        assert again["attributes"]["language_code"] == "it"
        assert (
            made(api.update("orders", order.pk, {"coupon_code": None}))["attributes"]["coupon_code"]
            is None
        )

    def test_whom_it_is_for_is_not_asked_before_there_is_a_customer(
        self, here: Shop, api: ApiClient
    ) -> None:
        here.coupon("BOB", recipient_email="bob@example.com")
        cart = made(api.create("orders", {"coupon_code": "BOB"}, market=("markets", here.market)))
        assert cart["attributes"]["coupon_code"] == "BOB"

    def test_does_not_stay_when_the_order_gets_another_customer(
        self, here: Shop, api: ApiClient
    ) -> None:
        bob, al = (here.customer(f"{name}@example.com") for name in ("bob", "al"))
        here.coupon("BOB", recipient_email=bob.email)
        order = order_with(here, Line(here.sku()), customer=bob, coupon_code="BOB")
        why = "BOB is not valid: not for this customer"

        by_address = api.update("orders", order.pk, {"customer_email": al.email})
        by_customer = api.update("orders", order.pk, customer=("customers", al))

        assert refused(by_address) == ("/data/attributes/customer_email", why)
        assert refused(by_customer) == ("/data/relationships/customer", why)
        order.refresh_from_db()
        assert (order.customer_id, order.customer_email) == (bob.pk, bob.email)
        both = {"customer_email": al.email, "coupon_code": None}
        assert made(api.update("orders", order.pk, both))["attributes"]["coupon_code"] is None
        assert api.update("orders", order.pk, {"customer_email": None}).status_code == 200
