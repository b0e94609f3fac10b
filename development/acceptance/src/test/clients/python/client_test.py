"""Uses Switchboard through Microsoft Graph's unmodified SDK for Python. The Java class PythonSdkTest runs this program."""

import asyncio
import json
import logging
import os
import unittest
import urllib.parse
import urllib.request
import uuid
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread

from kiota_abstractions.authentication import (
    AccessTokenProvider, AllowedHostsValidator, BaseBearerTokenAuthenticationProvider)
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.serialization import ParseNodeFactoryRegistry
from kiota_serialization_json.json_serialization_writer import JsonSerializationWriter
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.communications.call_records.call_records_request_builder import CallRecordsRequestBuilder
from msgraph.generated.communications.call_records.item.call_record_item_request_builder import (
    CallRecordItemRequestBuilder)
from msgraph.generated.communications.call_records.item.sessions.sessions_request_builder import SessionsRequestBuilder
from msgraph.generated.communications.call_records.item.sessions.item.session_item_request_builder import (
    SessionItemRequestBuilder)
from msgraph.generated.models.call_records.call_record import CallRecord
from msgraph.generated.models.call_records.call_type import CallType
from msgraph.generated.models.call_records.media import Media
from msgraph.generated.models.call_records.media_stream import MediaStream
from msgraph.generated.models.call_records.modality import Modality
from msgraph.generated.models.call_records.organizer import Organizer
from msgraph.generated.models.call_records.participant import Participant
from msgraph.generated.models.call_records.segment import Segment
from msgraph.generated.models.call_records.session import Session
from msgraph.generated.models.communications_identity_set import CommunicationsIdentitySet
from msgraph.generated.models.identity import Identity
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.subscription import Subscription
from msgraph_core.requests.batch_request_builder import BatchRequestBuilder
from msgraph_core.requests.batch_request_content import BatchRequestContent
from msgraph_core.requests.batch_request_item import BatchRequestItem
from msgraph_core.tasks.page_iterator import PageIterator

API = os.environ["SWITCHBOARD_API"]
FAULTY_API = os.environ["SWITCHBOARD_FAULTY_API"]
EXAMPLES = Path(os.environ["SWITCHBOARD_EXAMPLES"])
START = datetime(2026, 3, 4, 11, tzinfo=timezone(timedelta(hours=2)))


class Token(AccessTokenProvider):
    """A token for all call records of a new tenant."""

    def __init__(self):
        form = {"grant_type": "client_credentials", "provider": "ingest", "tenant": str(uuid.uuid4()),
                "scope": "CallRecords.ReadWrite.All"}
        request = urllib.request.Request(
            API + "/oauth2/token", urllib.parse.urlencode(form).encode(), {"Accept": "text/plain"})
        with urllib.request.urlopen(request) as response:
            self.value = response.read().decode().strip()

    async def get_authorization_token(self, uri, additional_authentication_context=None):
        return self.value

    def get_allowed_hosts_validator(self):
        return AllowedHostsValidator(["127.0.0.1"])


def new_client(api=API, version="v1.0"):
    adapter = GraphRequestAdapter(BaseBearerTokenAuthenticationProvider(Token()))
    adapter.base_url = f"{api}/{version}"
    return GraphServiceClient(request_adapter=adapter)


def example(name):
    return parsed(example_content(name))


def example_content(name):
    return json.loads((EXAMPLES / f"{name}.json").read_text())


def parsed(content):
    """A session as the client reads it."""
    registry = ParseNodeFactoryRegistry()
    return registry.get_root_parse_node("application/json", json.dumps(content).encode()).get_object_value(Session)


def minimal_session(session_id, minutes=0):
    start = START + timedelta(minutes=minutes)
    return Session(id=session_id, start_date_time=start, end_date_time=start + timedelta(minutes=5),
                   modalities=[Modality.Audio])


def whole_record(version=1):
    return CallRecord(id=str(uuid.uuid4()), version=version, type=CallType.GroupCall, modalities=[Modality.Audio],
                      start_date_time=START, end_date_time=START + timedelta(hours=1))


def values(model):
    """The values of a model as JSON, without nulls and annotations of the service."""
    writer = JsonSerializationWriter()
    model.serialize(writer)
    return without_nulls(json.loads(writer.get_serialized_content()))


def without_nulls(value):
    if isinstance(value, list):
        return [without_nulls(element) for element in value]
    if isinstance(value, dict):
        return {name: without_nulls(member) for name, member in value.items()
                if member is not None and name not in ("@odata.context", "@odata.etag", "@odata.type")}
    return value


def options(query_parameters, **headers):
    configuration = RequestConfiguration(query_parameters=query_parameters)
    for name, value in headers.items():
        configuration.headers.add(name, value)
    return configuration


SESSION_WITH_SEGMENTS = options(
    SessionItemRequestBuilder.SessionItemRequestBuilderGetQueryParameters(expand=["segments"]))


class PythonSdk(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.client = new_client()
        self.records = self.client.communications.call_records
        self.record = self.records.by_call_record_id(str(uuid.uuid4()))

    async def post_sessions(self, count):
        for i in range(count):
            session = minimal_session(f"session-{i:03}", i)
            session.segments = [Segment(id=f"segment-{i}", start_date_time=session.start_date_time,
                                        end_date_time=session.end_date_time)]
            await self.record.sessions.post(session)

    async def failure(self, status, call):
        with self.assertRaises(ODataError) as raised:
            await call
        self.assertEqual(status, raised.exception.response_status_code)
        return raised.exception

    async def test_examples_are_created_and_read_unchanged(self):
        for version in "v1.0", "beta":
            sessions = new_client(version=version).communications.call_records.by_call_record_id("r").sessions
            for name in "peer-to-peer", "group-call", "pstn":
                with self.subTest(version=version, example=name):
                    created = await sessions.post(example(name))
                    read = await sessions.by_session_id(created.id).get(SESSION_WITH_SEGMENTS)
                    self.assertEqual(values(example(name)), values(created))
                    self.assertEqual(values(example(name)), values(read))

    async def test_record_is_created_with_everything_below_it(self):
        record = whole_record()
        record.sessions = [example("group-call"), example("pstn")]
        record.participants_v2 = [Participant(identity=CommunicationsIdentitySet(user=Identity(id="u1")))]
        await self.records.post(record)
        read = await self.records.by_call_record_id(record.id).get(options(
            CallRecordItemRequestBuilder.CallRecordItemRequestBuilderGetQueryParameters(
                expand=["sessions($expand=segments)", "participants_v2"])))
        self.assertEqual([values(example("group-call")), values(example("pstn"))],
                         [values(session) for session in read.sessions])
        self.assertEqual(["u1"], [participant.identity.user.id for participant in read.participants_v2])
        self.assertEqual(CallType.GroupCall, read.type)
        self.assertEqual(START, read.start_date_time)

    async def test_pages_reach_the_last_session(self):
        await self.post_sessions(130)
        first = await self.record.sessions.get()
        self.assertEqual(60, len(first.value))
        found = []
        iterator = PageIterator(first, self.client.request_adapter)
        await iterator.iterate(lambda session: found.append(session.id) or True)
        self.assertEqual([f"session-{i:03}" for i in range(130)], found)

    async def test_sessions_are_expanded(self):
        await self.post_sessions(70)
        read = await self.record.get(options(
            CallRecordItemRequestBuilder.CallRecordItemRequestBuilderGetQueryParameters(
                expand=["sessions($expand=segments)"])))
        sessions = read.sessions
        link = read.additional_data["sessions@odata.nextLink"]
        while link:
            page = await self.record.sessions.with_url(link).get()
            sessions += page.value
            link = page.odata_next_link
        self.assertEqual([f"segment-{i}" for i in range(70)],
                         [segment.id for session in sessions for segment in session.segments])

    async def test_records_are_filtered(self):
        for day in range(4):
            record = whole_record()
            record.id = f"day-{day}"
            record.start_date_time += timedelta(days=day)
            record.end_date_time += timedelta(days=day)
            record.participants_v2 = [Participant(identity=CommunicationsIdentitySet(user=Identity(id=f"u{day % 2}")))]
            await self.records.post(record)
        for text, expected in {
            "startDateTime ge 2026-03-05T00:00:00Z and startDateTime lt 2026-03-07T00:00:00Z": ["day-1", "day-2"],
            "participants_v2/any(p:p/id eq 'u1')": ["day-1", "day-3"],
        }.items():
            page = await self.records.get(options(
                CallRecordsRequestBuilder.CallRecordsRequestBuilderGetQueryParameters(filter=text)))
            self.assertEqual(expected, [record.id for record in page.value])

    async def test_sessions_are_counted(self):
        await self.post_sessions(5)
        self.assertEqual(5, await self.record.sessions.count.get())
        page = await self.record.sessions.get(options(
            SessionsRequestBuilder.SessionsRequestBuilderGetQueryParameters(count=True, top=2, select=["id"])))
        self.assertEqual(5, page.odata_count)
        self.assertEqual(["session-000", "session-001"], [session.id for session in page.value])
        self.assertIsNone(page.value[0].start_date_time)

    async def test_patch_changes_only_the_sent_members(self):
        created = await self.record.sessions.post(example("group-call"))
        session = self.record.sessions.by_session_id(created.id)
        patched = await session.patch(Session(is_test=True))
        self.assertTrue(patched.is_test)
        # The client writes a null of a property under its Python name.
        await session.patch(Session(additional_data={"failureInfo": None}))
        expected = {**example_content("group-call"), "isTest": True, "failureInfo": None}
        self.assertEqual(values(parsed(expected)), values(await session.get(SESSION_WITH_SEGMENTS)))

    async def test_deleted_items_are_gone(self):
        await self.post_sessions(2)
        await self.record.sessions.by_session_id("session-000").delete()
        await self.failure(404, self.record.sessions.by_session_id("session-000").get())
        self.assertEqual(["session-001"], [session.id for session in (await self.record.sessions.get()).value])
        await self.record.delete()
        await self.failure(404, self.record.get())

    async def test_batch_reads_and_writes(self):
        requests = [
            self.record.sessions.to_post_request_information(minimal_session("one")),
            self.record.sessions.to_post_request_information(minimal_session("two")),
            self.record.to_get_request_information(),
            self.record.sessions.by_session_id("missing").to_get_request_information(),
        ]
        batch = BatchRequestContent()
        for number, request in enumerate(requests, 1):
            batch.add_request(None, BatchRequestItem(request, str(number)))
        response = await BatchRequestBuilder(self.client.request_adapter).post(batch)
        self.assertEqual({"1": 201, "2": 201, "3": 200, "4": 404}, response.get_response_status_codes())
        # The client drops the bodies of the responses.
        location = response.get_response_by_id("2").headers["Location"]
        self.assertEqual("two", (await self.record.sessions.by_session_id("any").with_url(location).get()).id)

    async def test_errors_are_mapped(self):
        missing = await self.failure(404, self.record.get())
        self.assertEqual("notFound", missing.error.code)
        self.assertTrue(missing.error.message)
        self.assertTrue(missing.error.inner_error.request_id)
        session = minimal_session("s")
        session.is_test = False
        await self.record.sessions.post(session)
        other = minimal_session("s")
        other.is_test = True
        conflict = await self.failure(409, self.record.sessions.post(other))
        self.assertEqual(("nameAlreadyExists", "isTest"), (conflict.error.code, conflict.error.target))
        invalid = await self.failure(400, self.record.sessions.post(Session(id="t", modalities=[])))
        self.assertLessEqual({"startDateTime", "endDateTime"}, {detail.target for detail in invalid.error.details})
        stranger = GraphRequestAdapter(BaseBearerTokenAuthenticationProvider(Token()))
        stranger._authentication_provider.access_token_provider.value = "no-token-at-all"
        stranger.base_url = API + "/v1.0"
        unauthorized = await self.failure(
            401, GraphServiceClient(request_adapter=stranger).communications.call_records.get())
        self.assertIsNone(unauthorized.error)
        for _ in range(4):
            await asyncio.to_thread(next_fault, "429 rejected")
        await self.failure(429, new_client(FAULTY_API).communications.call_records.get())

    async def test_retries_store_nothing_twice(self):
        client = new_client(FAULTY_API)
        sessions = client.communications.call_records.by_call_record_id("r").sessions
        for fault in "429 rejected", "503 rejected", "503 lost", "504 lost":
            with self.subTest(fault):
                await asyncio.to_thread(next_fault, fault)
                without_id = example_content("group-call")
                del without_id["id"]
                created = await sessions.post(parsed(without_id))
                self.assertEqual(0, await asyncio.to_thread(faults_left))
                self.assertEqual([created.id], [session.id for session in (await sessions.get()).value])

    async def test_subscriber_is_notified(self):
        subscriber = Subscriber()
        self.addCleanup(subscriber.close)
        expiration = (datetime.now(timezone.utc) + timedelta(hours=2)).replace(microsecond=0)
        subscription = await self.client.subscriptions.post(Subscription(
            change_type="created,updated", notification_url=subscriber.url, resource="/communications/callRecords",
            expiration_date_time=expiration, client_state="client secret"))
        self.assertEqual(expiration, subscription.expiration_date_time)
        await self.records.post(whole_record())
        received = [await asyncio.to_thread(subscriber.received.get, timeout=20) for _ in range(2)]
        self.assertEqual({"created", "updated"}, {notification["changeType"] for notification in received})
        for notification in received:
            self.assertEqual((subscription.id, "client secret"),
                             (notification["subscriptionId"], notification["clientState"]))
        renewed = await self.client.subscriptions.by_subscription_id(subscription.id).patch(
            Subscription(expiration_date_time=expiration + timedelta(days=1)))
        self.assertEqual(expiration + timedelta(days=1), renewed.expiration_date_time)
        await self.client.subscriptions.by_subscription_id(subscription.id).delete()
        self.assertEqual([], (await self.client.subscriptions.get()).value)
        subscriber.handshake = "not the token"
        await self.failure(400, self.client.subscriptions.post(Subscription(
            change_type="created", notification_url=subscriber.url, resource="/communications/callRecords",
            expiration_date_time=expiration)))

    async def test_read_items_can_be_posted_elsewhere(self):
        record = whole_record()
        record.sessions = [example("peer-to-peer"), example("group-call"), example("pstn")]
        record.organizer_v2 = Organizer(identity=CommunicationsIdentitySet(user=Identity(id="u1")))
        await self.records.post(record)
        from_graph = self.records.by_call_record_id(record.id)
        elsewhere = new_client().communications.call_records
        expanded = options(CallRecordItemRequestBuilder.CallRecordItemRequestBuilderGetQueryParameters(
            expand=["sessions($expand=segments)"]))
        for _ in range(2):
            await elsewhere.post(await from_graph.get(expanded))
        copied = await elsewhere.by_call_record_id(record.id).get(expanded)
        self.assertEqual([values(session) for session in (await from_graph.get(expanded)).sessions],
                         [values(session) for session in copied.sessions])
        read = await from_graph.sessions.by_session_id(example("pstn").id).get(SESSION_WITH_SEGMENTS)
        sessions = elsewhere.by_call_record_id("other").sessions
        for _ in range(2):
            self.assertEqual(values(example("pstn")), values(await sessions.post(read)))
        changed = await from_graph.get()
        changed.type = CallType.PeerToPeer
        self.assertEqual(CallType.PeerToPeer, (await from_graph.patch(changed)).type)

    async def test_durations_keep_their_fractions(self):
        duration = timedelta(days=1, hours=2, milliseconds=16)
        session = minimal_session("s")
        session.segments = [Segment(
            start_date_time=START, end_date_time=START,
            media=[Media(streams=[MediaStream(average_jitter=duration, max_jitter=timedelta(milliseconds=16))])])]
        created = await self.record.sessions.post(session)
        stream = created.segments[0].media[0].streams[0]
        self.assertEqual((duration, timedelta(milliseconds=16)), (stream.average_jitter, stream.max_jitter))


def next_fault(fault):
    urllib.request.urlopen(urllib.request.Request(FAULTY_API + "/faults", fault.encode(), method="POST")).close()


def faults_left():
    with urllib.request.urlopen(FAULTY_API + "/faults") as response:
        return int(response.read())


class Subscriber:
    """A notification endpoint, as Graph's documentation asks for it."""

    def __init__(self):
        self.received = Queue()
        self.handshake = None
        subscriber = self

        class Handler(BaseHTTPRequestHandler):
            wbufsize = -1

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                query = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query)
                answer = b""
                if "validationToken" in query:
                    answer = (subscriber.handshake or query["validationToken"][0]).encode()
                else:
                    for notification in json.loads(body)["value"]:
                        subscriber.received.put(notification)
                self.send_response(200)
                self.send_header("Content-Type", "text/plain")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/notifications"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


if __name__ == "__main__":
    logging.disable()
    unittest.main(verbosity=2, warnings="ignore")
