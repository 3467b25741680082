// A shop of its own, made by nothing but the SDK, and what is sold in it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { facts, refusal, sdk } from './shop.mjs'

const to = (type, { id }) => ({ type, id })

test('a shop is made from nothing, and something is bought in it', async () => {
  const prices = await sdk.price_lists.create({ name: 'Anew', currency_code: 'EUR' })
  const near = await sdk.stock_locations.create({ name: 'Anew near' })
  const far = await sdk.stock_locations.create({ name: 'Anew far' })
  const market = await sdk.markets.create({
    name: 'Anew',
    price_list: sdk.price_lists.relationship(prices.id),
    stock_locations: [far, near].map((each) => to('stock_locations', each)),
  })
  const sku = await sdk.skus.create({ code: 'ANEW', name: 'Something new' })
  const price = await sdk.prices.create({
    sku_code: 'ANEW',
    amount_cents: 123450,
    price_list: sdk.price_lists.relationship(prices.id),
  })
  assert.equal(price.formatted_amount, '€1.234,50')
  await sdk.stock_items.create({
    quantity: 3,
    sku: sdk.skus.relationship(sku.id),
    stock_location: sdk.stock_locations.relationship(near.id),
  })
  const promotion = await sdk.percentage_discount_promotions.create({
    name: 'Anew',
    percentage: 10,
    starts_at: '2020-01-01T00:00:00Z',
    expires_at: '2100-01-01T00:00:00Z',
    market: sdk.markets.relationship(market.id),
  })
  await sdk.coupons.create({
    code: 'ANEW',
    usage_limit: 1,
    promotion: to('percentage_discount_promotions', promotion),
  })
  const order = await sdk.orders.create({
    market: sdk.markets.relationship(market.id),
    coupon_code: 'ANEW',
  })
  await sdk.line_items.create({
    quantity: 2,
    sku_code: 'ANEW',
    order: sdk.orders.relationship(order.id),
  })
  const { subtotal_amount_cents, discount_amount_cents, formatted_total_amount } =
    await sdk.orders.retrieve(order.id)
  assert.deepEqual([subtotal_amount_cents, discount_amount_cents], [246900, -24690])
  assert.equal(formatted_total_amount, '€2.222,10')
  const found = await sdk.markets.retrieve(market.id, { include: ['stock_locations'] })
  assert.deepEqual(
    found.stock_locations.map(({ id }) => id),
    [far.id, near.id],
  )
})

test('promotions are found by what they are good for', async () => {
  const { id } = await sdk.fixed_amount_promotions.retrieve(facts.ids.fixed_amount_promotions)
  await sdk.fixed_amount_promotions._disable(id)
  const disabled = await sdk.fixed_amount_promotions.list({ filters: { with_status: 'disabled' } })
  assert.deepEqual(Array.from(disabled, (each) => each.id), [id])
  await sdk.fixed_amount_promotions._enable(id)
  const active = await sdk.fixed_amount_promotions.list({ filters: { active: true } })
  assert.ok(active.some((each) => each.id === id))
})

test('what cannot be is refused', async () => {
  const wrong = sdk.price_lists.create({ name: 'Nothing', currency_code: 'XXX' })
  assert.deepEqual(await refusal(wrong), [422, 'VALIDATION_ERROR'])
  const { price_lists: id } = facts.ids
  const other = sdk.price_lists.update({ id, currency_code: 'USD' })
  assert.deepEqual(await refusal(other), [422, 'VALIDATION_ERROR'])
})
