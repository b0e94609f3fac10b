// Uses Switchboard through the unmodified OData client @odata/client. The Java class ODataClientTest runs this program.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { test } from "node:test";
import { EdmV4, OData } from "@odata/client";
import { ODataServerError } from "@odata/client/lib/errors.js";
import csdl from "odata-csdl";

const { SWITCHBOARD_API: API, SWITCHBOARD_FAULTY_API: FAULTY_API, SWITCHBOARD_EXAMPLES: EXAMPLES } = process.env;
const START = Date.UTC(2026, 2, 4, 9);

/** Returns the header with a token for all call records of a new tenant. */
async function newTenant() {
  const response = await fetch(`${API}/oauth2/token`, {
    method: "POST",
    headers: { Accept: "text/plain" },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      provider: "ingest",
      tenant: randomUUID(),
      scope: "CallRecords.ReadWrite.All",
    }),
  });
  return { Authorization: `Bearer ${(await response.text()).trim()}` };
}

async function newClient(options = {}) {
  return OData.New4({ serviceEndpoint: `${API}/v1.0/`, commonHeaders: await newTenant(), ...options });
}

const recordsOf = (client) => client.getEntitySet("communications/callRecords");
const sessionsOf = (client, record) => client.getEntitySet(`communications/callRecords('${record}')/sessions`);

const example = (name) => JSON.parse(readFileSync(`${EXAMPLES}/${name}.json`, "utf8"));

const time = (minutes) => new Date(START + minutes * 60_000).toISOString();

const minimalSession = (id, minutes = 0) => ({
  id,
  startDateTime: time(minutes),
  endDateTime: time(minutes + 5),
  modalities: ["audio"],
});

const wholeRecord = (id = randomUUID()) => ({
  ...minimalSession(id),
  version: 1,
  type: "groupCall",
  lastModifiedDateTime: time(10),
});

/** Returns the content without nulls, empty collections and annotations, and enough to compare it with what was sent. */
function content(value) {
  if (Array.isArray(value)) {
    return value.map(content);
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, member]) => member !== null && !(Array.isArray(member) && !member.length) && !name.includes("@"))
      .map(([name, member]) => [name, content(member)]),
  );
}

async function postSessions(sessions, count) {
  for (let i = 0; i < count; i++) {
    const session = minimalSession(`session-${String(i).padStart(3, "0")}`, i);
    await sessions.create({ ...session, segments: [{ ...session, id: `segment-${i}`, modalities: undefined }] });
  }
}

const options = () => OData.newOptions();
const ids = (items) => items.map((item) => item.id);

test("examples are created and read unchanged", async () => {
  for (const version of ["v1.0", "beta"]) {
    const sessions = sessionsOf(await newClient({ serviceEndpoint: `${API}/${version}/` }), "r");
    for (const name of ["peer-to-peer", "group-call", "pstn"]) {
      const created = await sessions.create(example(name));
      assert.deepEqual(content(created), content(example(name)));
      const read = await sessions.retrieve(created.id, options().expand("segments"));
      assert.deepEqual(content(read), content(example(name)));
    }
  }
});

test("record is created with everything below it", async () => {
  const records = recordsOf(await newClient());
  const sent = {
    ...wholeRecord(),
    sessions: [example("group-call"), example("pstn")],
    participants_v2: [{ id: "u1", identity: { user: { id: "u1" } } }],
  };
  await records.create(sent);
  const read = await records.retrieve(sent.id, options().expand(["sessions($expand=segments)", "participants_v2"]));
  assert.deepEqual(content(read), content(sent));
});

test("pages reach the last session", async () => {
  const client = await newClient();
  await postSessions(sessionsOf(client, "r"), 130);
  let page = await client.newRequest({ collection: "communications/callRecords('r')/sessions", method: "GET" });
  assert.equal(page.value.length, 60);
  const found = ids(page.value);
  while (page["@odata.nextLink"]) {
    page = await client.requestUri(page["@odata.nextLink"]);
    found.push(...ids(page.value));
  }
  assert.deepEqual(found, Array.from({ length: 130 }, (_, i) => `session-${String(i).padStart(3, "0")}`));
});

test("sessions are expanded", async () => {
  const client = await newClient();
  await postSessions(sessionsOf(client, "r"), 70);
  const read = await recordsOf(client).retrieve("r", options().expand("sessions($expand=segments)"));
  const sessions = read.sessions;
  let link = read["sessions@odata.nextLink"];
  while (link) {
    const page = await client.requestUri(link);
    sessions.push(...page.value);
    link = page["@odata.nextLink"];
  }
  assert.deepEqual(sessions.flatMap((session) => ids(session.segments)), Array.from({ length: 70 }, (_, i) => `segment-${i}`));
});

test("records are filtered", async () => {
  const client = await newClient();
  const records = recordsOf(client);
  for (let day = 0; day < 4; day++) {
    await records.create({
      ...wholeRecord(`day-${day}`),
      startDateTime: time(day * 24 * 60),
      endDateTime: time(day * 24 * 60 + 60),
      participants_v2: [{ identity: { user: { id: `u${day % 2}` } } }],
    });
  }
  const instant = (text) => EdmV4.DateTimeOffset.from(new Date(text));
  const between = client.newFilter()
    .property("startDateTime").ge(instant("2026-03-05T00:00:00Z"))
    .property("startDateTime").lt(instant("2026-03-07T00:00:00Z"));
  assert.deepEqual(ids(await records.query(between)), ["day-1", "day-2"]);
  assert.deepEqual(ids(await records.query(options().filter("participants_v2/any(p:p/id eq 'u1')"))), ["day-1", "day-3"]);
});

test("sessions are counted", async () => {
  const client = await newClient();
  const sessions = sessionsOf(client, "r");
  await postSessions(sessions, 5);
  assert.equal(await sessions.count(), 5);
  assert.deepEqual(content(await sessions.query(options().top(2).select(["id"]))), [{ id: "session-000" }, { id: "session-001" }]);
});

test("patch changes only the sent members", async () => {
  const sessions = sessionsOf(await newClient(), "r");
  const { id } = await sessions.create(example("group-call"));
  await sessions.update(id, { isTest: true, failureInfo: null });
  const read = await sessions.retrieve(id, options().expand("segments"));
  assert.deepEqual(content(read), content({ ...example("group-call"), isTest: true, failureInfo: null }));
});

test("deleted items are gone", async () => {
  const client = await newClient();
  const sessions = sessionsOf(client, "r");
  await postSessions(sessions, 2);
  await sessions.delete("session-000");
  await assert.rejects(sessions.retrieve("session-000"), ODataServerError);
  assert.deepEqual(ids(await sessions.query()), ["session-001"]);
  await recordsOf(client).delete("r");
  await assert.rejects(recordsOf(client).retrieve("r"), ODataServerError);
});

test("batch reads and writes", async () => {
  const client = await newClient();
  const collection = "communications/callRecords('r')/sessions";
  const responses = await client.execBatchRequestsJson([
    client.newBatchRequest({ collection, method: "POST", entity: minimalSession("one"), requestId: "1" }),
    client.newBatchRequest({ collection, method: "POST", entity: minimalSession("two"), requestId: "2", atomicityGroup: "g" }),
    client.newBatchRequest({ collection, id: "one", requestId: "3", dependsOn: ["1"] }),
    client.newBatchRequest({ collection, id: "missing", requestId: "4" }),
  ]);
  assert.deepEqual(responses.map((response) => response.status), [201, 201, 200, 404]);
  assert.equal((await responses[2].json()).id, "one");
  assert.equal((await responses[3].json()).error.code, "notFound");
});

test("errors are mapped", async () => {
  const client = await newClient();
  const sessions = sessionsOf(client, "r");
  await sessions.create({ ...minimalSession("s"), isTest: false });
  await assert.rejects(sessions.retrieve("missing"), (error) => error instanceof ODataServerError && error.message.length > 10);
  await assert.rejects(sessions.create({ ...minimalSession("s"), isTest: true }), ODataServerError);
  await assert.rejects(sessions.create({ id: "t" }), ODataServerError);
  // Errors of API Gateway have no member `error`, so the client takes them for a result.
  const unauthorized = await newClient({ commonHeaders: { Authorization: "Bearer no-token-at-all" } });
  assert.deepEqual(await unauthorized.newRequest({ collection: "communications/callRecords" }), { message: "Unauthorized" });
});

/** The client itself repeats nothing, so its caller gives it this function. docs/reference/call-records.md has the same. */
async function fetchProxy(url, init) {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(url, init);
    const text = await response.text();
    const json = response.headers.get("Content-Type")?.startsWith("application/json");
    const content = json ? JSON.parse(text) : text;
    if (response.ok || content.error) return { response, content };
    if (![429, 503, 504].includes(response.status) || attempt === 4) throw new Error(`Status ${response.status}: ${text}`);
    await delay(1000 * Number(response.headers.get("Retry-After") ?? 2 ** attempt));
  }
}

async function nextFault(fault) {
  await fetch(`${FAULTY_API}/faults`, { method: "POST", body: fault });
}

test("retries store nothing twice", async () => {
  const client = await newClient({ serviceEndpoint: `${FAULTY_API}/v1.0/`, fetchProxy });
  const sessions = sessionsOf(client, "r");
  for (const fault of ["429 rejected", "503 rejected", "503 lost", "504 lost"]) {
    await nextFault(fault);
    const created = await sessions.create({ ...example("group-call"), id: undefined });
    assert.equal(await (await fetch(`${FAULTY_API}/faults`)).text(), "0");
    assert.deepEqual(ids(await sessions.query()), [created.id]);
  }
  for (let attempt = 1; attempt <= 4; attempt++) {
    await nextFault("429 rejected");
  }
  await assert.rejects(sessions.query(), /Status 429/);
});

test("subscriber is notified", async () => {
  const client = await newClient();
  const received = [];
  let wrongToken;
  const subscriber = createServer(async (request, response) => {
    const token = new URL(request.url, API).searchParams.get("validationToken");
    let body = "";
    for await (const chunk of request) {
      body += chunk;
    }
    if (token === null) {
      received.push(...JSON.parse(body).value);
      subscriber.emit("received");
    }
    response.writeHead(200, { "Content-Type": "text/plain" }).end(wrongToken ?? token ?? "");
  }).listen(0, "127.0.0.1");
  await once(subscriber, "listening");
  try {
    const subscriptions = client.getEntitySet("subscriptions");
    const requested = {
      changeType: "created,updated",
      notificationUrl: `http://127.0.0.1:${subscriber.address().port}/notifications`,
      resource: "/communications/callRecords",
      expirationDateTime: new Date(Date.now() + 2 * 3_600_000).toISOString(),
      clientState: "client secret",
    };
    const { id } = await subscriptions.create(requested);
    await recordsOf(client).create(wholeRecord());
    while (received.length < 2) {
      await once(subscriber, "received", { signal: AbortSignal.timeout(20_000) });
    }
    assert.deepEqual(received.map((notification) => notification.changeType).sort(), ["created", "updated"]);
    for (const notification of received) {
      assert.equal(notification.subscriptionId, id);
      assert.equal(notification.clientState, "client secret");
    }
    const later = new Date(Math.ceil(Date.now() / 1000 + 24 * 3_600) * 1000).toISOString();
    await subscriptions.update(id, { expirationDateTime: later });
    // Not `retrieve`: GET of a name below the root needs no token, so that clients can read $metadata.
    const renewed = await client.requestUri(`${API}/v1.0/subscriptions/${id}`);
    assert.equal(Date.parse(renewed.expirationDateTime), Date.parse(later));
    await subscriptions.delete(id);
    assert.deepEqual(await subscriptions.query(), []);
    wrongToken = "not the token";
    await assert.rejects(subscriptions.create(requested), ODataServerError);
  } finally {
    subscriber.close();
    subscriber.closeAllConnections();
  }
});

test("read items can be posted elsewhere", async () => {
  const source = recordsOf(await newClient());
  const target = recordsOf(await newClient());
  const sent = {
    ...wholeRecord(),
    sessions: [example("peer-to-peer"), example("group-call"), example("pstn")],
    organizer_v2: { identity: { user: { id: "u1", displayName: "Ines Park" } } },
  };
  await source.create(sent);
  const everything = options().expand(["sessions($expand=segments)", "participants_v2"]);
  for (let time = 0; time < 2; time++) {
    await target.create(await source.retrieve(sent.id, everything));
  }
  assert.deepEqual(content(await target.retrieve(sent.id, everything)), content(await source.retrieve(sent.id, everything)));
  const read = await target.retrieve(sent.id);
  await target.update(sent.id, { ...read, type: "peerToPeer" });
  assert.equal((await target.retrieve(sent.id)).type, "peerToPeer");
});

test("metadata is valid CSDL", async () => {
  const response = await fetch(`${API}/v1.0/$metadata`);
  assert.equal(response.status, 200);
  const messages = [];
  const document = csdl.xml2json(await response.text(), { strict: true, messages });
  assert.deepEqual(messages, []);
  assert.equal(document["microsoft.graph.callRecords"].session.$Kind, "EntityType");
});
