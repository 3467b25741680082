// Tokens by the official companion library, and what the SDK makes of refusals.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as auth from '@commercelayer/js-auth'
import { client, facts, loopback, refusal, sdk } from './shop.mjs'

const { client_id: clientId, client_secret: clientSecret } = facts.client

// The library always calls https://auth.<domain>, with the global fetch.
const asIfInternet = async (act) => {
  const { fetch } = globalThis
  let asked
  globalThis.fetch = (address, options) => {
    globalThis.fetch = fetch
    asked = String(address)
    return loopback(address, options)
  }
  try {
    return { answer: await act(), asked }
  } finally {
    globalThis.fetch = fetch
  }
}
const authenticate = async (given = {}) =>
  (
    await asIfInternet(() =>
      auth.authenticate('client_credentials', {
        clientId,
        clientSecret,
        domain: 'shop.example',
        ...given,
      }),
    )
  ).answer

test('the library gets a token that the API takes', async () => {
  const { accessToken, tokenType, expiresIn, scope, createdAt } = await authenticate()
  assert.deepEqual([tokenType, expiresIn, scope], ['Bearer', 7200, 'market:all'])
  assert.ok(Math.abs(createdAt - Date.now() / 1000) < 60)
  assert.ok((await client(accessToken).order_copies.list()).meta.recordCount > 0)
})

test('the library reads the token and checks its signature', async () => {
  const { accessToken } = await authenticate({ scope: 'market:all' })
  const { answer: verified, asked } = await asIfInternet(() => auth.jwtVerify(accessToken))
  assert.match(asked, /^https:\/\/auth\..*\/\.well-known\/jwks\.json$/)
  const { payload } = verified
  assert.ok(auth.jwtIsIntegration(payload))
  assert.equal(payload.test, true)
  assert.equal(payload.application.client_id, clientId)
  assert.equal(auth.getTokenType(payload), 'integration:guest')
  assert.ok(auth.getCoreApiBaseEndpoint(accessToken).startsWith(`https://${payload.organization.slug}.`))
  assert.ok(auth.jwtIsSalesChannel(auth.jwtDecode(facts.tokens.sales_channel).payload))
  assert.ok(auth.jwtIsWebApp(auth.jwtDecode(facts.tokens.webapp).payload))
  assert.equal(auth.jwtDecode(facts.tokens.live).payload.test, false)
})

test('a wrong secret gets no token', async () => {
  const { accessToken, errors } = await authenticate({ clientSecret: 'wrong' })
  assert.equal(accessToken, undefined)
  assert.equal(errors[0].title, 'invalid_client')
})

test('a token that the library revoked is good no more', async () => {
  const { accessToken } = await authenticate()
  const { answer } = await asIfInternet(() =>
    auth.revoke({ clientId, clientSecret, token: accessToken }),
  )
  assert.deepEqual(answer, {})
  assert.deepEqual(await refusal(client(accessToken).orders.list()), [401, 'INVALID_TOKEN'])
})

test('the SDK gets itself another token when its own has expired', async () => {
  const { expired, integration } = facts.tokens
  const old = []
  const patient = client(expired, {
    refreshToken: async (token) => {
      old.push(token)
      return integration
    },
  })
  const copy = await patient.order_copies.retrieve(facts.ids.order_copies)
  assert.equal(copy.id, facts.ids.order_copies)
  await patient.orders.list()
  assert.deepEqual(old, [expired])
  assert.deepEqual(await refusal(client(expired).orders.list()), [401, 'INVALID_TOKEN'])
})

test('the SDK knows organization and domain from the token alone', async () => {
  const hosts = new Set()
  const plain = client(facts.tokens.integration, {
    organization: undefined,
    domain: undefined,
    fetch: (address, options) => {
      hosts.add(new URL(address).hostname)
      return loopback(address, options)
    },
  })
  assert.ok(await plain.organization.retrieve())
  const { payload } = auth.jwtDecode(facts.tokens.integration)
  assert.deepEqual([...hosts], [payload.iss.replace('https://auth', payload.organization.slug)])
})

test('refusals are told in the words of the contract', async () => {
  const refused = [
    [() => client('nonsense').orders.list(), 401, 'INVALID_TOKEN'],
    [() => client(facts.tokens.sales_channel).order_copies.list(), 401, 'UNAUTHORIZED'],
    [() => client(facts.tokens.sales_channel).organization.retrieve(), 401, 'UNAUTHORIZED'],
    [() => sdk.orders.retrieve('aaaaaaaaaa'), 404, 'RECORD_NOT_FOUND'],
    [() => sdk.orders.list({ pageSize: 26 }), 400, 'INVALID_PAGE_VALUE'],
    [() => sdk.orders.list({ include: ['nothing'] }), 400, 'INVALID_INCLUDE'],
    [() => sdk.orders.list({ fields: ['nothing'] }), 400, 'INVALID_FIELD'],
    [() => sdk.orders.list({ sort: ['nothing'] }), 400, 'INVALID_SORT_CRITERIA'],
    [() => sdk.orders.list({ filters: { nothing_eq: 1 } }), 400, 'FILTER_NOT_ALLOWED'],
    [() => sdk.customers.create({}), 422, 'VALIDATION_ERROR'],
    [() => sdk.customers.create({ email: 'bob@example.com', shoe: 1 }), 400, 'PARAM_NOT_ALLOWED'],
    [() => sdk.order_factories.update({ id: 'aaaaaaaaaa' }), 405, 'METHOD_NOT_ALLOWED'],
  ]
  for (const [ask, status, code] of refused) {
    assert.deepEqual(await refusal(ask()), [status, code])
  }
})

test('a test token never meets live data', async () => {
  const live = client(facts.tokens.live)
  const types = facts.resources.filter(({ type }) => type in facts.live_ids && sdk[type])
  assert.ok(types.length > 5)
  for (const { type } of types) {
    assert.equal((await live[type].retrieve(facts.live_ids[type])).id, facts.live_ids[type])
    for (const [one, other] of [
      [sdk, facts.live_ids],
      [live, facts.ids],
    ]) {
      assert.deepEqual(await refusal(one[type].retrieve(other[type])), [404, 'RECORD_NOT_FOUND'])
    }
  }
})
