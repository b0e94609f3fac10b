/*
 * Tests of the local server's push with AWS's own client of AppSync Events. The client speaks wss:// and https:// only, so its WebSocket and
 * fetch are led to the local server; nothing else is changed.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Amplify } from 'aws-amplify';
import { events } from 'aws-amplify/data';
import { decodeJWT } from 'aws-amplify/auth';
import WebSocket from 'ws';

const base = process.env.SWITCHBOARD_API;
const sent = [];

async function tokenOf(user) {
  const response = await fetch(`${base}/oauth2/token`, {
    method: 'POST',
    headers: { accept: 'text/plain' },
    body: new URLSearchParams({ grant_type: 'client_credentials', user, scope: 'Sessions.ReadWrite' }),
  });
  return (await response.text()).trim();
}

async function call(token, method, path, body) {
  const response = await fetch(base + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  return response.json();
}

const user = `a-${crypto.randomUUID().slice(0, 13)}`;
let token;
let mine;

before(async () => {
  token = await tokenOf(user);
  mine = await call(token, 'GET', '/me/events');
  globalThis.WebSocket = class extends WebSocket {
    constructor(url, protocols) {
      assert.match(url, /^wss:\/\//);
      super(mine.realtimeEndpoint, protocols);
    }

    send(data) {
      sent.push(JSON.parse(data));
      super.send(data);
    }
  };
  Amplify.configure(
    { API: { Events: { endpoint: mine.httpEndpoint.replace('http://', 'https://'), region: 'us-east-1', defaultAuthMode: 'oidc' } } },
    { Auth: { tokenProvider: { getTokens: async () => ({ accessToken: decodeJWT(token) }) } } },
  );
});

after(() => events.closeAll());

/** Returns the first message of a channel after an action, or the error of the subscription. */
function firstMessage(channel, act) {
  return new Promise((resolve, reject) => {
    const subscription = channel.subscribe({ next: resolve, error: reject });
    const poll = setInterval(() => {
      if (!sent.some(({ type }) => type === 'subscribe')) return;
      clearInterval(poll);
      act(subscription);
    }, 50);
  });
}

test('subscriber gets the message of a change', async () => {
  const channel = await events.connect(mine.channel);
  const message = await firstMessage(channel, async () => {
    // The subscription may not be confirmed yet, so the change is repeated.
    for (let changes = 0; changes < 5; changes++) {
      await call(token, 'POST', '/sessions', { templateName: 'CallSessionTemplate' });
      await new Promise(resolve => setTimeout(resolve, 300));
    }
  });
  assert.equal(message.type, 'data');
  assert.deepEqual(Object.keys(message.event), ['desk']);
  assert.equal(typeof message.event.desk, 'number');
  channel.close();
});

test('token is sent without Bearer', () => {
  const [{ authorization }] = sent.filter(({ type }) => type === 'subscribe');
  assert.equal(authorization.Authorization, token);
});

test('other channels are refused', async () => {
  const other = await call(await tokenOf('bob'), 'GET', '/me/events');
  for (const name of [other.channel, mine.channel.replace(/[^/]+$/, '*'), '/desk/*']) {
    const channel = await events.connect(name);
    await assert.rejects(new Promise((resolve, reject) => {
      channel.subscribe({ next: resolve, error: reject });
      setTimeout(() => reject(new Error('timeout')), 10_000).unref();
    }), error => JSON.stringify(error.errors ?? error.message).includes('Unauthorized'));
    channel.close();
  }
});
