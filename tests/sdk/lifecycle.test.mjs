// Orders through their lifecycle, by the SDK's own verbs.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { client, facts, refusal, sdk } from './shop.mjs'

const { orders } = facts
const storefront = client(facts.tokens.sales_channel)
const standing = ({ status, payment_status, fulfillment_status }) =>
  [status, payment_status, fulfillment_status].join(' ')

test('an order is placed, approved, captured and fulfilled, each once', async () => {
  const id = orders.to_fulfill
  assert.equal((await sdk.orders._validate(id)).status, 'pending')
  assert.equal(standing(await sdk.orders._place(id)), 'placed authorized unfulfilled')
  assert.equal(standing(await sdk.orders._place(id)), 'placed authorized unfulfilled')
  assert.equal(standing(await sdk.orders._approve(id)), 'approved authorized unfulfilled')
  assert.equal(standing(await sdk.orders._capture(id)), 'approved paid in_progress')
  const fulfilled = await sdk.orders._fulfill(id)
  assert.equal(standing(fulfilled), 'approved paid fulfilled')
  assert.ok(fulfilled.placed_at <= fulfilled.approved_at)

  try {
    await sdk.orders._cancel(id)
    assert.fail('a fulfilled order was cancelled')
  } catch (error) {
    assert.equal(error.name, 'ApiError')
    assert.equal(error.status, 422)
    assert.equal(error.first().code, 'VALIDATION_ERROR')
    assert.match(error.first().title, /cannot transition from .* to cancelled/)
    assert.equal(error.first().source.pointer, '/data/attributes/status')
  }
  const names = (await sdk.orders.events(id, { pageSize: 25 })).map((event) => event.name)
  for (const happened of ['place', 'approve', 'pay', 'fulfill']) {
    assert.ok(names.includes(`orders.${happened}`), happened)
  }
})

test('a placed order is cancelled, and its payment voided', async () => {
  await sdk.orders._place(orders.to_cancel)
  const cancelled = await sdk.orders._cancel(orders.to_cancel)
  assert.equal(standing(cancelled), 'cancelled voided unfulfilled')
})

test('a paid order is refunded', async () => {
  await sdk.orders._place(orders.to_refund)
  await sdk.orders._approve_and_capture(orders.to_refund)
  const refunded = await sdk.orders._refund(orders.to_refund)
  assert.equal(refunded.status, 'cancelled')
  assert.equal(refunded.payment_status, 'refunded')
})

test('placing takes stock, cancelling gives it back', async () => {
  const [mug] = await sdk.skus.list({ filters: { code_eq: 'MUG' } })
  const quantity = async () => (await sdk.skus.stock_items(mug))[0].quantity
  const before = await quantity()
  await sdk.orders._place(orders.to_archive)
  assert.equal(await quantity(), before - 1)
  await sdk.orders._cancel(orders.to_archive)
  assert.equal(await quantity(), before)
})

test('an order is put away and taken out again', async () => {
  assert.ok((await sdk.orders._archive(orders.to_copy)).archived_at)
  assert.equal((await sdk.orders._unarchive(orders.to_copy)).archived_at, null)
})

test('an order is tagged by name', async () => {
  await sdk.orders._add_tags(orders.to_copy, 'first,second')
  await sdk.orders._remove_tags(orders.to_copy, 'first')
  const tags = await sdk.orders.tags(orders.to_copy)
  assert.deepEqual(Array.from(tags, (tag) => tag.name), ['second'])
})

test('an order takes over an address of its own', async () => {
  const address = await sdk.addresses.create({
    first_name: 'Bob',
    last_name: 'Builder',
    line_1: 'Via Roma 1',
    city: 'Roma',
    country_code: 'IT',
    phone: '+39 06 1',
  })
  const include = ['billing_address', 'shipping_address']
  const cloned = await sdk.orders._billing_address_clone_id(orders.to_copy, address.id, { include })
  assert.notEqual(cloned.billing_address.id, address.id)
  assert.equal(cloned.billing_address.line_1, 'Via Roma 1')
  assert.notEqual(cloned.shipping_address.line_1, 'Via Roma 1')
  const same = await sdk.orders._shipping_address_same_as_billing(orders.to_copy, { include })
  assert.equal(same.shipping_address.line_1, 'Via Roma 1')
})

test('a new order waits for its customer and its lines', async () => {
  const order = await storefront.orders.create({ customer_email: 'bob@example.com' })
  assert.equal(standing(order), 'draft unpaid unfulfilled')
  assert.equal((await sdk.orders.customer(order)).email, 'bob@example.com')
  assert.deepEqual(await refusal(sdk.orders._place(order)), [422, 'VALIDATION_ERROR'])
  const named = await sdk.orders.update({ id: order.id, reference: 'cart', metadata: { a: [1] } })
  assert.equal(named.reference, 'cart')
  await sdk.orders.delete(order.id)
  assert.deepEqual(await refusal(sdk.orders.retrieve(order.id)), [404, 'RECORD_NOT_FOUND'])
})
