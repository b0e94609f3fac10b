// Package client uses Switchboard through Microsoft Graph's unmodified SDK for Go. The Java class GoSdkTest runs it.
package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoft/kiota-abstractions-go/authentication"
	"github.com/microsoft/kiota-abstractions-go/serialization"
	"github.com/microsoft/kiota-abstractions-go/store"
	jsonserialization "github.com/microsoft/kiota-serialization-json-go"
	textserialization "github.com/microsoft/kiota-serialization-text-go"
	core "github.com/microsoftgraph/msgraph-sdk-go-core"
	"github.com/microsoftgraph/msgraph-sdk-go/communications"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/models/callrecords"
	"github.com/microsoftgraph/msgraph-sdk-go/models/odataerrors"
	"github.com/microsoftgraph/msgraph-sdk-go/subscriptions"
)

var (
	api       = os.Getenv("SWITCHBOARD_API")
	faultyAPI = os.Getenv("SWITCHBOARD_FAULTY_API")
	examples  = os.Getenv("SWITCHBOARD_EXAMPLES")
	start     = time.Date(2026, 3, 4, 11, 0, 0, 0, time.FixedZone("", 2*60*60))
	ctx       = context.Background()
)

// client has the parts of the SDK's GraphServiceClient that call records need. The whole one takes long to compile.
type client struct {
	*communications.CommunicationsRequestBuilder
	adapter       *core.GraphRequestAdapterBase
	subscriptions *subscriptions.SubscriptionsRequestBuilder
}

// token is a token for all call records of a new tenant.
type token string

func (t token) GetAuthorizationToken(context.Context, *url.URL, map[string]interface{}) (string, error) {
	return string(t), nil
}

func (t token) GetAllowedHostsValidator() *authentication.AllowedHostsValidator {
	validator, _ := authentication.NewAllowedHostsValidatorErrorCheck([]string{"127.0.0.1"})
	return validator
}

func newToken(t *testing.T) token {
	form := url.Values{"grant_type": {"client_credentials"}, "provider": {"ingest"}, "tenant": {uuid.NewString()},
		"scope": {"CallRecords.ReadWrite.All"}}
	request, err := http.NewRequest(http.MethodPost, api+"/oauth2/token", strings.NewReader(form.Encode()))
	must(t, err)
	request.Header.Set("Accept", "text/plain")
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultClient.Do(request)
	must(t, err)
	defer response.Body.Close()
	return token(strings.TrimSpace(text(t, response.Body)))
}

func newClient(t *testing.T) *client {
	return clientOf(t, api, newToken(t))
}

// clientOf does what NewGraphServiceClient does.
func clientOf(t *testing.T, api string, token token) *client {
	abstractions.RegisterDefaultSerializer(func() serialization.SerializationWriterFactory {
		return jsonserialization.NewJsonSerializationWriterFactory()
	})
	abstractions.RegisterDefaultDeserializer(func() serialization.ParseNodeFactory {
		return jsonserialization.NewJsonParseNodeFactory()
	})
	abstractions.RegisterDefaultDeserializer(func() serialization.ParseNodeFactory {
		return textserialization.NewTextParseNodeFactory()
	})
	adapter, err := core.NewGraphRequestAdapterBase(
		authentication.NewBaseBearerTokenAuthenticationProvider(token),
		core.GraphClientOptions{GraphServiceLibraryVersion: "1.89.0"})
	must(t, err)
	adapter.SetBaseUrl(api + "/v1.0")
	adapter.EnableBackingStore(store.BackingStoreFactoryInstance)
	root := map[string]string{"baseurl": adapter.GetBaseUrl()}
	return &client{
		communications.NewCommunicationsRequestBuilderInternal(root, adapter),
		adapter,
		subscriptions.NewSubscriptionsRequestBuilderInternal(root, adapter),
	}
}

func (c *client) record(id string) *communications.CallRecordsCallRecordItemRequestBuilder {
	return c.CallRecords().ByCallRecordId(id)
}

func (c *client) sessions(record string) *communications.CallRecordsItemSessionsRequestBuilder {
	return c.record(record).Sessions()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(message(err))
	}
}

// message has the details, which the error's own text lacks.
func message(err error) string {
	var failure *odataerrors.ODataError
	if !errors.As(err, &failure) {
		return err.Error()
	}
	if failure.GetErrorEscaped() == nil {
		return fmt.Sprintf("status %d", failure.GetStatusCode())
	}
	lines := []string{err.Error()}
	for _, detail := range failure.GetErrorEscaped().GetDetails() {
		lines = append(lines, *detail.GetMessage())
	}
	return strings.Join(lines, "\n")
}

func equal(t *testing.T, expected, actual any) {
	t.Helper()
	if !reflect.DeepEqual(expected, actual) {
		t.Fatalf("expected %v\nbut was  %v", expected, actual)
	}
}

// failure returns the SDK's error, which must have this status.
func failure(t *testing.T, status int, err error) *odataerrors.ODataError {
	t.Helper()
	var failure *odataerrors.ODataError
	if !errors.As(err, &failure) {
		t.Fatalf("expected an ODataError, but was %v", err)
	}
	equal(t, status, failure.GetStatusCode())
	return failure
}

func targets(failure *odataerrors.ODataError) []string {
	targets := []string{}
	for _, detail := range failure.GetErrorEscaped().GetDetails() {
		targets = append(targets, *detail.GetTarget())
	}
	return targets
}

func text(t *testing.T, reader io.Reader) string {
	content, err := io.ReadAll(reader)
	must(t, err)
	return string(content)
}

func pointer[T any](value T) *T {
	return &value
}

func exampleText(t *testing.T, name string) string {
	content, err := os.ReadFile(filepath.Join(examples, name+".json"))
	must(t, err)
	return string(content)
}

var duration = regexp.MustCompile(`"PT[\d.]+S"`)

// example has durations of whole minutes, because the SDK loses seconds: it reads them only with a fraction, and writes
// them only without one.
func example(t *testing.T, name string) callrecords.Sessionable {
	return session(t, duration.ReplaceAllString(exampleText(t, name), `"PT2M"`))
}

func session(t *testing.T, json string) callrecords.Sessionable {
	return parsed[callrecords.Sessionable](t, []byte(json), callrecords.CreateSessionFromDiscriminatorValue)
}

func parsed[T serialization.Parsable](t *testing.T, content []byte, create serialization.ParsableFactory) T {
	node, err := jsonserialization.NewJsonParseNodeFactory().GetRootParseNode("application/json", content)
	must(t, err)
	model, err := node.GetObjectValue(create)
	must(t, err)
	return model.(T)
}

func content(t *testing.T, model serialization.Parsable) []byte {
	writer := jsonserialization.NewJsonSerializationWriter()
	must(t, writer.WriteObjectValue("", model))
	content, err := writer.GetSerializedContent()
	must(t, err)
	return content
}

// whole returns a copy that the client sends. Of a model that it has read, it sends nothing.
func whole[T serialization.Parsable](t *testing.T, model T, create serialization.ParsableFactory) T {
	return parsed[T](t, content(t, model), create)
}

func minimalSession(id string, minutes int) callrecords.Sessionable {
	session := callrecords.NewSession()
	session.SetId(&id)
	session.SetStartDateTime(pointer(start.Add(time.Duration(minutes) * time.Minute)))
	session.SetEndDateTime(pointer(start.Add(time.Duration(minutes+5) * time.Minute)))
	session.SetModalities([]callrecords.Modality{callrecords.AUDIO_MODALITY})
	return session
}

func wholeRecord(id string, day int) callrecords.CallRecordable {
	record := callrecords.NewCallRecord()
	record.SetId(&id)
	record.SetVersion(pointer(int64(1)))
	record.SetTypeEscaped(pointer(callrecords.GROUPCALL_CALLTYPE))
	record.SetModalities([]callrecords.Modality{callrecords.AUDIO_MODALITY})
	record.SetStartDateTime(pointer(start.AddDate(0, 0, day)))
	record.SetEndDateTime(pointer(start.AddDate(0, 0, day).Add(time.Hour)))
	return record
}

func participant(user string) callrecords.Participantable {
	identity := models.NewIdentity()
	identity.SetId(&user)
	set := models.NewCommunicationsIdentitySet()
	set.SetUser(identity)
	participant := callrecords.NewParticipant()
	participant.SetIdentity(set)
	return participant
}

// values returns the values of a model as JSON, without nulls and annotations of the service.
func values(t *testing.T, model serialization.Parsable) any {
	var value any
	must(t, json.Unmarshal(content(t, model), &value))
	return withoutNulls(value)
}

func withoutNulls(value any) any {
	switch value := value.(type) {
	case []any:
		for i, element := range value {
			value[i] = withoutNulls(element)
		}
	case map[string]any:
		for name, member := range value {
			if member == nil || strings.HasPrefix(name, "@odata.") {
				delete(value, name)
			} else {
				value[name] = withoutNulls(member)
			}
		}
	}
	return value
}

func ids[T interface{ GetId() *string }](items []T) []string {
	ids := []string{}
	for _, item := range items {
		ids = append(ids, *item.GetId())
	}
	return ids
}

func numbered(name string, count int) []string {
	ids := []string{}
	for i := range count {
		ids = append(ids, fmt.Sprintf("%s-%03d", name, i))
	}
	return ids
}

func postSessions(t *testing.T, sessions *communications.CallRecordsItemSessionsRequestBuilder, count int) {
	for i, id := range numbered("session", count) {
		session := minimalSession(id, i)
		segment := callrecords.NewSegment()
		segment.SetId(pointer(fmt.Sprintf("segment-%03d", i)))
		segment.SetStartDateTime(session.GetStartDateTime())
		segment.SetEndDateTime(session.GetEndDateTime())
		session.SetSegments([]callrecords.Segmentable{segment})
		_, err := sessions.Post(ctx, session, nil)
		must(t, err)
	}
}

type sessionRequest = communications.CallRecordsItemSessionsSessionItemRequestBuilderGetRequestConfiguration
type sessionQuery = communications.CallRecordsItemSessionsSessionItemRequestBuilderGetQueryParameters
type sessionsRequest = communications.CallRecordsItemSessionsRequestBuilderGetRequestConfiguration
type sessionsQuery = communications.CallRecordsItemSessionsRequestBuilderGetQueryParameters
type recordRequest = communications.CallRecordsCallRecordItemRequestBuilderGetRequestConfiguration
type recordQuery = communications.CallRecordsCallRecordItemRequestBuilderGetQueryParameters
type recordsRequest = communications.CallRecordsRequestBuilderGetRequestConfiguration
type recordsQuery = communications.CallRecordsRequestBuilderGetQueryParameters

var withSegments = &sessionRequest{QueryParameters: &sessionQuery{Expand: []string{"segments"}}}
var withEverything = &recordRequest{QueryParameters: &recordQuery{
	Expand: []string{"sessions($expand=segments)", "participants_v2"}}}

func TestExamplesAreCreatedAndReadUnchanged(t *testing.T) {
	sessions := newClient(t).sessions("r")
	for _, name := range []string{"peer-to-peer", "group-call", "pstn"} {
		created, err := sessions.Post(ctx, example(t, name), nil)
		must(t, err)
		equal(t, values(t, example(t, name)), values(t, created))
		read, err := sessions.BySessionId(*created.GetId()).Get(ctx, withSegments)
		must(t, err)
		equal(t, values(t, example(t, name)), values(t, read))
	}
}

func TestRecordIsCreatedWithEverythingBelowIt(t *testing.T) {
	client := newClient(t)
	record := wholeRecord("r", 0)
	record.SetSessions([]callrecords.Sessionable{example(t, "group-call"), example(t, "pstn")})
	record.SetParticipantsV2([]callrecords.Participantable{participant("u1")})
	_, err := client.CallRecords().Post(ctx, record, nil)
	must(t, err)
	read, err := client.record("r").Get(ctx, withEverything)
	must(t, err)
	equal(t, callrecords.GROUPCALL_CALLTYPE, *read.GetTypeEscaped())
	equal(t, true, read.GetStartDateTime().Equal(start))
	equal(t, "u1", *read.GetParticipantsV2()[0].GetIdentity().GetUser().GetId())
	equal(t, values(t, example(t, "group-call")), values(t, read.GetSessions()[0]))
	equal(t, values(t, example(t, "pstn")), values(t, read.GetSessions()[1]))
}

func TestPagesReachTheLastSession(t *testing.T) {
	client := newClient(t)
	postSessions(t, client.sessions("r"), 130)
	first, err := client.sessions("r").Get(ctx, nil)
	must(t, err)
	equal(t, 60, len(first.GetValue()))
	iterator, err := core.NewPageIterator[callrecords.Sessionable](
		first, client.adapter, callrecords.CreateSessionCollectionResponseFromDiscriminatorValue)
	must(t, err)
	found := []string{}
	must(t, iterator.Iterate(ctx, func(session callrecords.Sessionable) bool {
		found = append(found, *session.GetId())
		return true
	}))
	equal(t, numbered("session", 130), found)
}

func TestSessionsAreExpanded(t *testing.T) {
	client := newClient(t)
	postSessions(t, client.sessions("r"), 70)
	record, err := client.record("r").Get(ctx, withEverything)
	must(t, err)
	sessions := record.GetSessions()
	link, _ := record.GetAdditionalData()["sessions@odata.nextLink"].(*string)
	for link != nil {
		page, err := client.sessions("r").WithUrl(*link).Get(ctx, nil)
		must(t, err)
		sessions = append(sessions, page.GetValue()...)
		link = page.GetOdataNextLink()
	}
	segments := []string{}
	for _, session := range sessions {
		segments = append(segments, ids(session.GetSegments())...)
	}
	equal(t, numbered("segment", 70), segments)
}

func TestRecordsAreFiltered(t *testing.T) {
	client := newClient(t)
	for day, id := range numbered("day", 4) {
		record := wholeRecord(id, day)
		record.SetParticipantsV2([]callrecords.Participantable{participant(fmt.Sprintf("u%d", day%2))})
		_, err := client.CallRecords().Post(ctx, record, nil)
		must(t, err)
	}
	for filter, expected := range map[string][]string{
		"startDateTime ge 2026-03-05T00:00:00Z and startDateTime lt 2026-03-07T00:00:00Z": {"day-001", "day-002"},
		"participants_v2/any(p:p/id eq 'u1')":                                             {"day-001", "day-003"},
	} {
		page, err := client.CallRecords().Get(ctx, &recordsRequest{QueryParameters: &recordsQuery{Filter: &filter}})
		must(t, err)
		equal(t, expected, ids(page.GetValue()))
	}
}

func TestSessionsAreCounted(t *testing.T) {
	sessions := newClient(t).sessions("r")
	postSessions(t, sessions, 5)
	count, err := sessions.Count().Get(ctx, nil)
	must(t, err)
	equal(t, int32(5), *count)
	page, err := sessions.Get(ctx, &sessionsRequest{QueryParameters: &sessionsQuery{
		Count: pointer(true), Top: pointer(int32(2)), Select: []string{"id"}}})
	must(t, err)
	equal(t, int64(5), *page.GetOdataCount())
	equal(t, numbered("session", 2), ids(page.GetValue()))
	equal(t, (*time.Time)(nil), page.GetValue()[0].GetStartDateTime())
}

func TestPatchChangesOnlyTheSentMembers(t *testing.T) {
	sessions := newClient(t).sessions("r")
	created, err := sessions.Post(ctx, example(t, "group-call"), nil)
	must(t, err)
	change := callrecords.NewSession()
	change.SetFailureInfo(nil)
	_, err = sessions.BySessionId(*created.GetId()).Patch(ctx, change, nil)
	must(t, err)
	// The client records the changes of a model that it has read only after this call.
	created.GetBackingStore().SetInitializationCompleted(true)
	created.SetIsTest(pointer(true))
	patched, err := sessions.BySessionId(*created.GetId()).Patch(ctx, created, nil)
	must(t, err)
	equal(t, true, *patched.GetIsTest())
	expected := example(t, "group-call")
	expected.SetIsTest(pointer(true))
	expected.SetFailureInfo(nil)
	read, err := sessions.BySessionId(*created.GetId()).Get(ctx, withSegments)
	must(t, err)
	equal(t, values(t, expected), values(t, read))
}

func TestDeletedItemsAreGone(t *testing.T) {
	client := newClient(t)
	sessions := client.sessions("r")
	postSessions(t, sessions, 2)
	must(t, sessions.BySessionId("session-000").Delete(ctx, nil))
	_, err := sessions.BySessionId("session-000").Get(ctx, nil)
	failure(t, 404, err)
	page, err := sessions.Get(ctx, nil)
	must(t, err)
	equal(t, []string{"session-001"}, ids(page.GetValue()))
	must(t, client.record("r").Delete(ctx, nil))
	_, err = client.record("r").Get(ctx, nil)
	failure(t, 404, err)
}

func TestBatchReadsAndWrites(t *testing.T) {
	client := newClient(t)
	sessions := client.sessions("r")
	one, err := sessions.ToPostRequestInformation(ctx, minimalSession("one", 0), nil)
	must(t, err)
	two, err := sessions.ToPostRequestInformation(ctx, minimalSession("two", 1), nil)
	must(t, err)
	get, err := client.record("r").ToGetRequestInformation(ctx, withEverything)
	must(t, err)
	missing, err := sessions.BySessionId("missing").ToGetRequestInformation(ctx, nil)
	must(t, err)
	batch := core.NewBatchRequest(client.adapter)
	steps := []string{}
	for _, request := range []*abstractions.RequestInformation{one, two, get, missing} {
		step, err := batch.AddBatchRequestStep(*request)
		must(t, err)
		steps = append(steps, *step.GetId())
	}
	response, err := batch.Send(ctx, client.adapter)
	must(t, err)
	for i, status := range []int32{201, 201, 200, 404} {
		equal(t, status, *response.GetResponseById(steps[i]).GetStatus())
	}
	record, err := core.GetBatchResponseById[callrecords.CallRecordable](
		response, steps[2], callrecords.CreateCallRecordFromDiscriminatorValue)
	must(t, err)
	equal(t, []string{"one", "two"}, ids(record.GetSessions()))
}

func TestErrorsAreMapped(t *testing.T) {
	client := newClient(t)
	_, err := client.record("r").Get(ctx, nil)
	missing := failure(t, 404, err).GetErrorEscaped()
	equal(t, "notFound", *missing.GetCode())
	equal(t, true, *missing.GetMessage() != "" && *missing.GetInnerError().GetRequestId() != "")
	sent, other := minimalSession("s", 0), minimalSession("s", 0)
	sent.SetIsTest(pointer(false))
	other.SetIsTest(pointer(true))
	_, err = client.sessions("r").Post(ctx, sent, nil)
	must(t, err)
	_, err = client.sessions("r").Post(ctx, other, nil)
	conflict := failure(t, 409, err).GetErrorEscaped()
	equal(t, []string{"nameAlreadyExists", "isTest"}, []string{*conflict.GetCode(), *conflict.GetTarget()})
	invalid := callrecords.NewSession()
	invalid.SetId(pointer("t"))
	_, err = client.sessions("r").Post(ctx, invalid, nil)
	equal(t, "invalidRequest", *failure(t, 400, err).GetErrorEscaped().GetCode())
	for range 4 {
		nextFault(t, "429 rejected")
	}
	_, err = clientOf(t, faultyAPI, newToken(t)).CallRecords().Get(ctx, nil)
	failure(t, 429, err)
	_, err = clientOf(t, api, "no-token-at-all").CallRecords().Get(ctx, nil)
	unauthorized := failure(t, 401, err)
	equal(t, true, unauthorized.GetErrorEscaped() == nil)
	defer func() { equal(t, true, recover() != nil) }()
	t.Fatal(unauthorized.Error()) // panics, because the gateway's error has no message where the client expects it
}

func TestRetriesStoreNothingTwice(t *testing.T) {
	sessions := clientOf(t, faultyAPI, newToken(t)).sessions("r")
	for _, fault := range []string{"429 rejected", "503 rejected", "503 lost", "504 lost"} {
		nextFault(t, fault)
		withoutID := callrecords.NewSession()
		withoutID.SetStartDateTime(&start)
		withoutID.SetEndDateTime(pointer(start.Add(time.Minute)))
		withoutID.SetModalities([]callrecords.Modality{callrecords.AUDIO_MODALITY})
		withoutID.SetCaller(example(t, "group-call").GetCaller())
		created, err := sessions.Post(ctx, withoutID, nil)
		must(t, err)
		left, err := http.Get(faultyAPI + "/faults")
		must(t, err)
		equal(t, "0", text(t, left.Body))
		left.Body.Close()
		page, err := sessions.Get(ctx, nil)
		must(t, err)
		equal(t, []string{*created.GetId()}, ids(page.GetValue()))
	}
}

func nextFault(t *testing.T, fault string) {
	response, err := http.Post(faultyAPI+"/faults", "text/plain", strings.NewReader(fault))
	must(t, err)
	response.Body.Close()
}

func TestSubscriberIsNotified(t *testing.T) {
	client := newClient(t)
	handshake := ""
	received := make(chan map[string]any, 10)
	subscriber := httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		response.Header().Set("Content-Type", "text/plain")
		if token := request.URL.Query().Get("validationToken"); token != "" {
			fmt.Fprint(response, token, handshake)
			return
		}
		var body struct{ Value []map[string]any }
		if err := json.NewDecoder(request.Body).Decode(&body); err != nil {
			http.Error(response, err.Error(), http.StatusBadRequest)
			return
		}
		for _, notification := range body.Value {
			received <- notification
		}
	}))
	defer subscriber.Close()
	requested := func() models.Subscriptionable {
		subscription := models.NewSubscription()
		subscription.SetChangeType(pointer("created,updated"))
		subscription.SetNotificationUrl(&subscriber.URL)
		subscription.SetResource(pointer("/communications/callRecords"))
		subscription.SetExpirationDateTime(pointer(time.Now().Add(2 * time.Hour).UTC().Truncate(time.Second)))
		subscription.SetClientState(pointer("client secret"))
		return subscription
	}
	subscription, err := client.subscriptions.Post(ctx, requested(), nil)
	must(t, err)
	_, err = client.CallRecords().Post(ctx, wholeRecord("r", 0), nil)
	must(t, err)
	types := []string{}
	for range 2 {
		select {
		case notification := <-received:
			types = append(types, notification["changeType"].(string))
			equal(t, *subscription.GetId(), notification["subscriptionId"])
			equal(t, "client secret", notification["clientState"])
		case <-time.After(20 * time.Second):
			t.Fatal("no notification")
		}
	}
	slices.Sort(types)
	equal(t, []string{"created", "updated"}, types)
	item := client.subscriptions.BySubscriptionId(*subscription.GetId())
	later := subscription.GetExpirationDateTime().Add(24 * time.Hour)
	renewal := models.NewSubscription()
	renewal.SetExpirationDateTime(&later)
	renewed, err := item.Patch(ctx, renewal, nil)
	must(t, err)
	equal(t, true, renewed.GetExpirationDateTime().Equal(later))
	must(t, item.Delete(ctx, nil))
	left, err := client.subscriptions.Get(ctx, nil)
	must(t, err)
	equal(t, 0, len(left.GetValue()))
	handshake = " with something else"
	_, err = client.subscriptions.Post(ctx, requested(), nil)
	failure(t, 400, err)
}

func TestReadItemsCanBePostedElsewhere(t *testing.T) {
	source, target := newClient(t), newClient(t)
	record := wholeRecord("r", 0)
	record.SetSessions([]callrecords.Sessionable{example(t, "peer-to-peer"), example(t, "group-call"), example(t, "pstn")})
	_, err := source.CallRecords().Post(ctx, record, nil)
	must(t, err)
	read, err := source.record("r").Get(ctx, withEverything)
	must(t, err)
	for range 2 {
		_, err = target.CallRecords().Post(ctx, whole(t, read, callrecords.CreateCallRecordFromDiscriminatorValue), nil)
		must(t, err)
	}
	copied, err := target.record("r").Get(ctx, withEverything)
	must(t, err)
	for i, session := range read.GetSessions() {
		equal(t, values(t, session), values(t, copied.GetSessions()[i]))
	}
	one, err := source.sessions("r").BySessionId(*example(t, "pstn").GetId()).Get(ctx, withSegments)
	must(t, err)
	_, err = target.sessions("other").Post(ctx, one, nil)
	equal(t, "modalities", targets(failure(t, 400, err))[0])
	created, err := target.sessions("other").Post(ctx, whole(t, one, callrecords.CreateSessionFromDiscriminatorValue), nil)
	must(t, err)
	equal(t, values(t, example(t, "pstn")), values(t, created))
}

// The SDK drops fractions of a second, so PT0.004S of the example is sent as P. The service cannot know the value.
func TestDurationsBelowASecondAreRefused(t *testing.T) {
	_, err := newClient(t).sessions("r").Post(ctx, session(t, exampleText(t, "pstn")), nil)
	equal(t, []string{"segments[0].media[0].streams[0].averageJitter"}, targets(failure(t, 400, err)))
}
