package io.switchboard.callrecords.store;

import static io.switchboard.dynamodb.Attributes.attributeOf;
import static io.switchboard.dynamodb.Attributes.bytes;
import static io.switchboard.dynamodb.Attributes.seconds;
import static io.switchboard.dynamodb.Attributes.secondsOrNull;
import static io.switchboard.dynamodb.Attributes.text;
import static io.switchboard.dynamodb.Attributes.textOf;

import io.switchboard.json.Json;
import io.switchboard.storage.Keys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The CallRecords table: the names of its attributes, the keys of its items, and what items of several kinds have in common, which are
 * documents and expiry.
 */
final class DynamoDbCallRecordTable {
    static final String INDEX = "Listed";
    static final String PARTITION = "record";
    static final String KEY = "key";
    static final String LISTED = "listed";
    static final String PLACE = "place";
    static final String EXPIRES_AT = "expiresAt";

    static final String RECORD = "RECORD";
    static final String STAGED = "STAGED#";
    static final String REQUEST = "KEY#";
    static final String DAY = "DAY#";

    static final String GENERATION = "generation";
    static final String PARTICIPANT_GENERATION = "participantGeneration";
    static final String VERSION = "version";
    static final String REVISION = "revision";
    static final String CREATED_AT = "createdAt";
    static final String LAST_MODIFIED = "lastModified";
    static final String DOCUMENT = "document";
    static final String MODALITIES = "modalities";
    static final String START = "start";
    static final String START_TEXT = "startDateTime";
    static final String END = "end";
    static final String END_TEXT = "endDateTime";
    static final String REQUEST_KEY = "requestKey";
    static final String REQUEST_HASH = "requestHash";
    /** Of an idempotency key: where its session went that has moved. */
    static final String MOVED_TO = "movedTo";

    /** Nothing is here that a reader sees: no item, one that is expired, or what a deleted record leaves. */
    static final String IS_ABSENT = "(attribute_not_exists(#generation) OR #expiresAt <= :now)";

    /** Items of one record whose sort keys are in a range. */
    static final String IN_RANGE = "#record = :record AND #key BETWEEN :from AND :to";

    /** Below every character of a key, all of which are ASCII and visible. */
    static final String BELOW = " ";

    /** Above every character of a key. */
    static final String ABOVE = "\u007F";

    /** How long what was deleted is known to late repetitions of requests ({@code DESIGN.md} §4). */
    static final Duration MEMORY = Duration.ofHours(24);

    private static final String PARTICIPANT = "#p#";
    private static final String SESSION = "#s#";
    private static final String CHUNK = "#c#";

    private DynamoDbCallRecordTable() {}

    // ---- keys

    static String partition(CallRecordKey record) {
        return Keys.join(record.tenant(), record.id());
    }

    /** The record whose partition an item is in. */
    static CallRecordKey recordOf(Map<String, AttributeValue> item) {
        List<String> parts = Keys.split(textOf(item, PARTITION));
        return new CallRecordKey(parts.getFirst(), parts.getLast());
    }

    static Map<String, AttributeValue> recordKey(CallRecordKey record) {
        return key(record, RECORD);
    }

    static Map<String, AttributeValue> key(CallRecordKey record, String sortKey) {
        Map<String, AttributeValue> key = new HashMap<>();
        key.put(PARTITION, text(partition(record)));
        key.put(KEY, text(sortKey));
        return key;
    }

    static Map<String, AttributeValue> keyOf(Map<String, AttributeValue> item) {
        return Map.of(PARTITION, attributeOf(item, PARTITION), KEY, attributeOf(item, KEY));
    }

    /** The key of a participant of a generation. */
    static Map<String, AttributeValue> participantKey(CallRecordKey record, String generation, String id) {
        return key(record, participantPrefix(generation) + Keys.join(id));
    }

    /** The id of a participant, from the sort key of its item. */
    static String participantId(String key) {
        return Keys.split(key.substring(key.indexOf(PARTICIPANT) + PARTICIPANT.length()))
                .getFirst();
    }

    /** What the keys of a generation's participants begin with. */
    static String participantPrefix(String generation) {
        return generation + PARTICIPANT;
    }

    /** What the keys of a generation's sessions begin with. */
    static String sessionPrefix(String generation) {
        return generation + SESSION;
    }

    /** What the keys of the pieces of a generation's large segments begin with. */
    static String chunkPrefix(String generation) {
        return generation + CHUNK;
    }

    static String listedByDay(String tenant, String day) {
        return Keys.join(tenant, "day", day);
    }

    static String listedByParticipant(String tenant, String participant) {
        return Keys.join(tenant, "participant", participant);
    }

    /** The values of {@link #IN_RANGE}. */
    static Map<String, AttributeValue> range(CallRecordKey record, String from, String to) {
        return Map.of("record", text(partition(record)), "from", text(from), "to", text(to));
    }

    // ---- values

    static AttributeValue kept(JsonDocument document) {
        return document.isText() ? text(document.text()) : bytes(document.kept());
    }

    /** The JSON that {@link #kept} has kept. */
    static byte[] json(AttributeValue document) {
        return document.b() == null
                ? document.s().getBytes(StandardCharsets.UTF_8)
                : JsonDocument.decompress(document.b().asByteArrayUnsafe());
    }

    static Map<String, @Nullable Object> contentOf(byte[] json) {
        return Json.readOwn(new String(json, StandardCharsets.UTF_8));
    }

    static Map<String, @Nullable Object> contentOf(AttributeValue document) {
        return contentOf(json(document));
    }

    /** How many bytes of JSON an item's document is. */
    static int length(Map<String, AttributeValue> item) {
        @Nullable AttributeValue document = item.get(DOCUMENT);
        return document == null ? 0 : json(document).length;
    }

    static void putExpiry(Map<String, AttributeValue> item, @Nullable Instant expiresAt) {
        if (expiresAt != null) {
            item.put(EXPIRES_AT, seconds(expiresAt));
        }
    }

    static @Nullable Instant expiryOf(Map<String, AttributeValue> item) {
        return secondsOrNull(item, EXPIRES_AT);
    }

    static boolean isExpired(Map<String, AttributeValue> item, Instant now) {
        @Nullable Instant expiresAt = expiryOf(item);
        return expiresAt != null && !expiresAt.isAfter(now);
    }
}
