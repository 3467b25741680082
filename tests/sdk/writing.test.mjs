// Whatever can be created, updated and deleted, by the SDK; and every verb that it has.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ended, facts, refusal, sdk } from './shop.mjs'
import { known, partFor } from './specimens.mjs'

const to = (type) => sdk[type].relationship(facts.ids[type])
let number = 0
const unused = (name) => `${name}-${++number}`
const order = async () => sdk.orders.relationship((await sdk.orders.create({ market: to('markets') })).id)
const sku = async () => sdk.skus.relationship((await sdk.skus.create(BODIES.skus())).id)
const address = () => ({
  first_name: 'Bob',
  last_name: 'Builder',
  line_1: 'Via Roma 1',
  city: 'Roma',
  country_code: 'IT',
  phone: '+39 06 1',
})
const promotion = () => ({
  name: unused('promotion'),
  starts_at: '2024-01-01T00:00:00Z',
  expires_at: '2034-01-01T00:00:00Z',
})

// What each resource of the contract needs to be made.
const BODIES = {
  addresses: address,
  coupons: () => ({ code: unused('COUPON'), promotion: to('percentage_discount_promotions') }),
  customer_addresses: async () => ({
    customer: to('customers'),
    customer_email: (await sdk.customers.retrieve(facts.ids.customers)).email,
    address: sdk.addresses.relationship((await sdk.addresses.create(address())).id),
  }),
  customer_payment_sources: () => ({ customer: to('customers'), payment_source_token: unused('card') }),
  customers: () => ({ email: `${unused('customer')}@example.com` }),
  external_payments: async () => ({ order: await order(), payment_source_token: unused('token') }),
  fixed_amount_promotions: () => ({ ...promotion(), fixed_amount_cents: 500, currency_code: 'EUR' }),
  line_item_options: () => ({
    line_item: to('line_items'),
    sku_option: to('sku_options'),
    quantity: 1,
    options: { engraving: 'Bob' },
  }),
  line_items: async () => ({ order: await order(), item: to('skus'), quantity: 2 }),
  markets: () => ({ name: unused('market'), price_list: to('price_lists') }),
  order_copies: () => ({ source_order: to('orders') }),
  orders: () => ({ market: to('markets') }),
  payment_methods: () => ({ payment_source_type: 'wire_transfers', price_amount_cents: 0 }),
  percentage_discount_promotions: () => ({ ...promotion(), percentage: 10 }),
  price_lists: () => ({ name: unused('prices'), currency_code: 'EUR' }),
  prices: async () => ({ price_list: to('price_lists'), sku: await sku(), amount_cents: 1200 }),
  shipments: async () => ({ order: await order() }),
  shipping_methods: () => ({ name: unused('courier'), price_amount_cents: 700 }),
  sku_options: () => ({ name: unused('engraving') }),
  skus: () => ({ code: unused('SKU'), name: 'A thing' }),
  stock_items: async () => ({ stock_location: to('stock_locations'), sku: await sku(), quantity: 3 }),
  tags: () => ({ name: unused('tag') }),
  wire_transfers: async () => ({ order: await order() }),
}

for (const resource of known.filter(({ in_contract }) => in_contract)) {
  const { type, actions, attributes } = resource
  const part = partFor(resource)

  if (actions.includes('create')) {
    test(`${type}: create, update, delete`, async () => {
      assert.ok(type in BODIES, 'the SDK is not tried on creating it')
      const body = await BODIES[type]()
      const marks = { reference: unused('reference'), metadata: { made: 'by the SDK' } }
      const made = await part.create({ ...body, ...marks })
      assert.equal(made.type, type)
      for (const [name, value] of Object.entries(body)) {
        if (attributes[name]?.flags.includes('fetch') && attributes[name].type !== 'datetime') {
          assert.deepEqual(made[name], value, name)
        }
      }
      assert.equal(made.reference, marks.reference)
      assert.deepEqual(made.metadata, marks.metadata)

      // A copy that a worker holds can be neither changed nor deleted.
      if (type === 'order_copies') await ended(made.id)
      const changed = await part.update({ id: made.id, reference: null, metadata: { now: [1, 2] } })
      assert.equal(changed.reference, null)
      assert.deepEqual(changed.metadata, { now: [1, 2] })
      assert.deepEqual((await part.retrieve(made.id)).metadata, { now: [1, 2] })

      await part.delete(made.id)
      assert.deepEqual(await refusal(part.retrieve(made.id)), [404, 'RECORD_NOT_FOUND'])
    })
  } else if (actions.includes('update')) {
    test(`${type}: update`, async () => {
      const changed = await part.update({ id: facts.ids[type], reference: 'noted' })
      assert.equal(changed.reference, 'noted')
    })
  }

  for (const name of resource.triggers.filter((each) => part[each])) {
    test(`${type}: ${name} acts, or says why not`, async () => {
      // By each type an argument that may be refused, but is understood.
      const argument = { string: 'none', integer: 1, boolean: true }[attributes[name].type]
      const asked = argument === true ? part[name](facts.ids[type]) : part[name](facts.ids[type], argument)
      try {
        assert.equal((await asked).id, facts.ids[type])
      } catch (error) {
        assert.deepEqual([error.status, error.errors?.[0].code], [422, 'VALIDATION_ERROR'], error.stack)
      }
    })
  }

  if (!actions.includes('create')) {
    test(`${type}: is not created`, async () => {
      const refused = sdk.order_copies.resources.create({ type })
      assert.deepEqual(await refusal(refused), [405, 'METHOD_NOT_ALLOWED'])
    })
  }
}
