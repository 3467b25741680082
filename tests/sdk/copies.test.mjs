// The life of a copy, as a client of the API lives through it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ended, facts, idsOnAllPages, refusal, sdk } from './shop.mjs'

const copyOf = (name) => ({ source_order: sdk.orders.relationship(facts.orders[name]) })

test('a copy is asked for, polled, and leads to a new order', async () => {
  const asked = await sdk.order_copies.create(
    { ...copyOf('to_copy'), reference: 'mine', metadata: { batch: 7 } },
    { include: ['source_order'] },
  )
  assert.equal(asked.status, 'pending')
  assert.equal(asked.reuse_wallet, true)
  assert.equal(asked.errors_log, null)
  assert.equal(asked.source_order.id, facts.orders.to_copy)

  const include = ['source_order.line_items', 'target_order.line_items.item', 'target_order.customer']
  const copy = await ended(asked.id, { include })
  assert.equal(copy.status, 'completed')
  assert.deepEqual(copy.errors_log, {})
  assert.equal(copy.errors_count, 0)
  assert.equal(copy.reference, 'mine')
  assert.deepEqual(copy.metadata, { batch: 7 })
  assert.ok(copy.started_at <= copy.completed_at)
  const { source_order: source, target_order: target } = copy
  assert.notEqual(target.number, source.number)
  assert.equal(target.status, 'pending')
  assert.equal(target.total_amount_cents, source.total_amount_cents)
  assert.equal(target.customer.email, source.customer_email)
  const lines = (order) => order.line_items.map((line) => [line.sku_code, line.quantity, line.total_amount_cents])
  assert.deepEqual(lines(target), lines(source))
  assert.equal(target.line_items[0].item.code, 'MUG')
})

test('everything about a copy is reached from it', async () => {
  const { id } = await sdk.order_copies.create(copyOf('to_copy'))
  const copy = await ended(id, { include: ['target_order'] })

  assert.equal((await sdk.order_copies.source_order(id)).id, facts.orders.to_copy)
  assert.equal((await sdk.order_copies.target_order(copy)).id, copy.target_order.id)
  assert.equal(await sdk.order_copies.order_subscription(id), null)
  const names = (await sdk.order_copies.events(id)).map((event) => event.name)
  assert.deepEqual(names.toSorted(), [
    'order_copies.complete',
    'order_copies.create',
    'order_copies.start',
  ])
  const trail = await sdk.order_copies.event_stores(id)
  assert.ok(trail.some((entry) => entry.event === 'create' && entry.who))
  // The SDK has no words for cursors: page by page by plain HTTP.
  const walked = await idsOnAllPages(`/api/order_copies/${id}/event_stores?page[size]=1`)
  assert.deepEqual(walked, [...trail].map((entry) => entry.id))
  assert.ok(walked.length > 1)
  const factory = await sdk.order_factories.retrieve(id)
  assert.equal(factory.status, 'completed')
  const copies = await sdk.orders.order_copies(facts.orders.to_copy, { pageSize: 25 })
  assert.ok(copies.some((each) => each.id === id))
  const factories = await sdk.orders.order_factories(facts.orders.to_copy, { pageSize: 25 })
  assert.ok(factories.some((each) => each.id === id))
})

test('a copy can place its order and cancel the old one', async () => {
  const { id } = await sdk.order_copies.create({
    ...copyOf('to_replace'),
    place_target_order: true,
    cancel_source_order: true,
  })
  const copy = await ended(id, { include: ['source_order', 'target_order'] })
  assert.equal(copy.status, 'completed', JSON.stringify(copy.errors_log))
  assert.equal(copy.source_order.status, 'cancelled')
  assert.equal(copy.target_order.status, 'placed')
  assert.equal(copy.target_order.payment_status, 'authorized')
})

test('a failed copy says why, and is tried again', async () => {
  const { id } = await sdk.order_copies.create(copyOf('short_of_stock'))
  const failed = await ended(id, { include: ['target_order'] })
  assert.equal(failed.status, 'failed')
  assert.deepEqual(failed.errors_log, {
    line_items: ['RARE is out of stock (5 requested, 1 available)'],
  })
  assert.equal(failed.errors_count, 1)
  assert.equal(failed.target_order, null)
  assert.ok(failed.failed_at)

  const [rare] = await sdk.skus.list({ filters: { code_eq: 'RARE' } })
  const [stock] = await sdk.skus.stock_items(rare)
  await sdk.stock_items.update({ id: stock.id, quantity: 5 })
  assert.equal((await sdk.order_copies.update({ id, _retry: true })).status, 'pending')
  const mended = await ended(id, { include: ['target_order'] })
  assert.equal(mended.status, 'completed')
  assert.ok(mended.target_order.number)
  await sdk.stock_items.update({ id: stock.id, quantity: 1 })

  assert.deepEqual(await refusal(sdk.order_copies.update({ id, _retry: true })), [
    422,
    'VALIDATION_ERROR',
  ])
})

test('what cannot be copied is left out where that was asked for', async () => {
  const { id } = await sdk.order_copies.create({ ...copyOf('short_of_stock'), skip_errors: true })
  const copy = await ended(id, { include: ['target_order', 'source_order'] })
  assert.equal(copy.status, 'completed')
  assert.equal(copy.errors_count, 1)
  assert.ok(copy.target_order.total_amount_cents < copy.source_order.total_amount_cents)
})

test('what was asked for stays, what is only a note may change', async () => {
  const { id } = await sdk.order_copies.create(copyOf('to_copy'))
  await ended(id)
  const noted = await sdk.order_copies.update({ id, reference: 'R-1', metadata: { a: 1 } })
  assert.equal(noted.reference, 'R-1')
  assert.deepEqual(await refusal(sdk.order_copies.update({ id, skip_errors: true })), [
    400,
    'PARAM_NOT_ALLOWED',
  ])
  assert.deepEqual(await refusal(sdk.order_copies.update({ id, _abort: true })), [
    422,
    'VALIDATION_ERROR',
  ])
})

test('a copy that is deleted is gone, its order stays', async () => {
  const { id } = await sdk.order_copies.create(copyOf('to_copy'))
  const { target_order: target } = await ended(id, { include: ['target_order'] })

  await sdk.order_copies.delete(id)

  assert.deepEqual(await refusal(sdk.order_copies.retrieve(id)), [404, 'RECORD_NOT_FOUND'])
  assert.equal((await sdk.orders.retrieve(target.id)).status, 'pending')
})

test('a copy needs an order that is there', async () => {
  const missing = sdk.order_copies.create({ source_order: sdk.orders.relationship('aaaaaaaaaa') })
  assert.deepEqual(await refusal(missing), [422, 'VALIDATION_ERROR'])
  assert.deepEqual(await refusal(sdk.order_copies.create({})), [422, 'VALIDATION_ERROR'])
})

test('two requests with one key make one copy', async () => {
  const options = { headers: { 'Idempotency-Key': 'the-same-for-both' } }
  const body = { ...copyOf('to_copy'), reference: 'once' }
  const first = await sdk.order_copies.create(body, {}, options)
  const second = await sdk.order_copies.create(body, {}, options)
  assert.equal(second.id, first.id)
  assert.equal(await sdk.order_copies.count({ reference_eq: 'once' }), 1)
  const other = sdk.order_copies.create({ ...body, reference: 'another' }, {}, options)
  assert.equal((await refusal(other))[0], 422)
})
