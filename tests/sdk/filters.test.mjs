// Every predicate on every attribute that may be filtered by: what is true of a resource finds it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { facts, sdk } from './shop.mjs'
import { flagged, known, partFor, specimenOf } from './specimens.mjs'

const later = (time, seconds) => new Date(Date.parse(time) + seconds * 1000).toISOString()
const without = (value) => ({ null: value === null, not_null: value !== null })

const ordered = (value, below, above) => ({
  eq: value,
  not_eq: above,
  lt: above,
  lteq: value,
  gt: below,
  gteq: value,
  in: [value, above],
  not_in: String(above),
  eq_any: [above, value],
  not_eq_all: [below, above],
  lt_any: [below, above],
  gteq_all: [below, value],
  not_in_or_null: [above],
  lt_or_null: above,
})
const found = { present: true, blank: false }

// A type -> predicates that are true of a value of it.
const TRUE_OF = {
  string: (value) => ({
    ...found,
    ...ordered(value, value.slice(0, -1), `${value}z`),
    matches: `${value.slice(0, -1)}_`,
    does_not_match: '%no such thing%',
    start: value.slice(0, 1),
    not_start: 'no such thing',
    end: value.slice(-1),
    not_end: 'no such thing',
    cont: value.slice(1),
    not_cont: 'no such thing',
    i_cont: value.toUpperCase(),
    start_any: ['no such thing', value],
    cont_all: [value, value.slice(1)],
    cont_or_null: value,
  }),
  integer: (value) => ({ ...found, ...ordered(value, value - 1, value + 1) }),
  float: (value) => ({ ...found, ...ordered(value, value - 1, value + 1) }),
  boolean: (value) => ({
    ...found,
    eq: value,
    not_eq: !value,
    in: [value],
    not_in: String(!value),
    [value]: true,
    [!value]: false,
  }),
  // Times are told to the millisecond and kept to the microsecond, so none is equal to its text.
  datetime: (value) => {
    const { eq, lteq, eq_any, in: among, ...others } = ordered(
      value,
      later(value, -1),
      later(value, 1),
    )
    return { ...found, ...others, lteq: later(value, 1) }
  },
  object: (value) => {
    const empty = Object.keys(value).length === 0
    return { present: !empty, blank: empty, jcont: value }
  },
}
const NOTHING = { present: false, blank: true, null: true, eq_or_null: 'x' }
const TRUE_OF_NOTHING = { ...NOTHING, not_null: false }

const isComparable = (value) => !(typeof value === 'string' && /[,%_\\]/.test(value))

// predicate -> {<attribute>_<predicate>: value} of all attributes that it may be asked of.
const questions = (resource, specimen) => {
  const asked = {}
  for (const [name, { type }] of flagged(resource, 'filter')) {
    const value = specimen[name]
    if (value === '' || !isComparable(value)) continue
    const truths = value === null ? nothing(type) : { ...without(value), ...TRUE_OF[type](value) }
    for (const [predicate, argument] of Object.entries(truths)) {
      asked[predicate] ??= {}
      asked[predicate][`${name}_${predicate}`] = argument
    }
  }
  return asked
}
const nothing = (type) => {
  const { eq_or_null, ...plain } = TRUE_OF_NOTHING
  return type === 'string' ? TRUE_OF_NOTHING : plain
}

for (const resource of known) {
  const { type, actions } = resource
  if (!actions.includes('list')) continue
  const part = partFor(resource)

  test(`${type}: whatever is true of one finds it`, async () => {
    const specimen = await specimenOf(resource)
    const isFound = async (filters) =>
      (await part.list({ filters: { id_eq: specimen.id, ...filters } })).recordCount === 1
    for (const [predicate, filters] of Object.entries(questions(resource, specimen))) {
      if (await isFound(filters)) continue
      for (const [name, value] of Object.entries(filters)) {
        assert.ok(await isFound({ [name]: value }), `${name} = ${JSON.stringify(value)}`)
      }
      assert.fail(`${predicate}: each finds it, all together do not`)
    }
  })

  test(`${type}: what is not true of it does not`, async () => {
    const { id, created_at } = await specimenOf(resource)
    const filters = [
      { id_not_eq: id },
      { id_not_in: id },
      { id_eq: 'aaaaaaaaaa' },
      { created_at_lt: created_at },
      { created_at_null: true },
    ]
    for (const filter of filters) {
      assert.equal(await part.count({ ...filter, id_cont: id }), 0, JSON.stringify(filter))
    }
  })

  test(`${type}: filters reach through relationships`, async () => {
    for (const [name, { flags, to, many }] of Object.entries(resource.relationships)) {
      if (!flags.includes('filter') || to.length === 0) continue
      const rows = await part.retrieve(facts.ids[type], { include: [name], fields: [name] })
      const others = many ? rows[name] : [rows[name]]
      if (!others[0]) continue
      const filters = { id_eq: facts.ids[type], [`${name}_id_eq`]: others[0].id }
      assert.equal(await part.count(filters), 1, name)
      assert.equal(await part.count({ ...filters, [`${name}_id_eq`]: 'aaaaaaaaaa' }), 0, name)
    }
  })
}

test('attributes are joined by or, in values and in names', async () => {
  const { number, customer_email } = await sdk.orders.retrieve(facts.ids.orders)
  const count = (filters) => sdk.orders.count({ id_eq: facts.ids.orders, ...filters })
  assert.equal(await count({ number_or_customer_email_cont: customer_email }), 1)
  assert.equal(await count({ number_or_customer_email_cont: number }), 1)
  assert.equal(await count({ number_or_customer_email_cont: 'no such thing' }), 0)
  assert.equal(await count({ number_in: `${number},nothing` }), 1)
})

test('metadata is searched by what it contains', async () => {
  const id = facts.ids.orders
  await sdk.orders.update({ id, metadata: { from: 'shop', nested: { deep: [1, 2] } } })
  const count = (metadata_jcont) => sdk.orders.count({ id_eq: id, metadata_jcont })
  assert.equal(await count({ from: 'shop' }), 1)
  assert.equal(await count({ nested: { deep: [2] } }), 1)
  assert.equal(await count({ from: 'elsewhere' }), 0)
})

test('a list is narrowed, sorted, paged, cut down and widened at once', async () => {
  const page = await sdk.order_copies.list({
    filters: { source_order_id_in: Object.values(facts.orders), status_in: ['completed', 'failed'] },
    sort: { status: 'asc', created_at: 'desc' },
    include: ['source_order.order_copies.target_order', 'events'],
    fields: { order_copies: ['status', 'source_order', 'events'], orders: ['number', 'order_copies'] },
    pageSize: 5,
    pageNumber: 1,
  })
  for (const copy of page) {
    assert.deepEqual(Object.keys(copy).toSorted(), ['events', 'id', 'source_order', 'status', 'type'])
    assert.ok(copy.source_order.number)
    assert.ok(copy.source_order.order_copies.some((each) => each.id === copy.id))
  }
  const statuses = Array.from(page, (copy) => copy.status)
  assert.deepEqual(statuses, statuses.toSorted())
})
