package io.switchboard.callrecords.store;

import static io.switchboard.dynamodb.Attributes.attributeOf;
import static io.switchboard.dynamodb.Attributes.bytes;
import static io.switchboard.dynamodb.Attributes.seconds;
import static io.switchboard.dynamodb.Attributes.secondsOrNull;
import static io.switchboard.dynamodb.Attributes.text;
import static io.switchboard.dynamodb.Attributes.textOf;

import io.switchboard.json.Json;
import io.switchboard.storage.Keys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The CallRecords table: the names of its attributes, the keys of its items, and the documents and expiry that items of
 * several kinds share.
 */
final class DynamoDbCallRecordTable {
    static final String PARTITION = "record";
    static final String KEY = "key";
    static final String LISTED = "listed";
    static final String PLACE = "place";
    static final String CHANGED = "changed";
    static final String CHANGED_PLACE = "changedPlace";
    static final String MODIFIED_PLACE = "modifiedPlace";
    /** The place that the document's {@code lastModifiedDateTime} determines. Sessions do not change it. */
    static final String FIXED_PLACE = "fixedPlace";

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
    /** When the remains of a deleted record forget the request that created it. */
    static final String REQUEST_UNTIL = "requestUntil";
    /** The new key of a session that has moved, in the item of its idempotency key. */
    static final String MOVED_TO = "movedTo";

    /** No visible record exists: no item, an expired one, or the remains of a deleted record. */
    static final String IS_ABSENT = "(attribute_not_exists(#generation) OR #expiresAt <= :now)";

    /** The item has not expired. */
    static final String IS_UNEXPIRED = "attribute_not_exists(#expiresAt) OR #expiresAt > :now";

    /** Selects the items of one record whose sort keys are in a range. */
    static final String IN_RANGE = "#record = :record AND #key BETWEEN :from AND :to";

    /** Sorts before every character of a key; those are visible ASCII. */
    static final String BELOW = " ";

    /** Sorts after every character of a key. */
    static final String ABOVE = "\u007F";

    /**
     * How long deleted resources are kept to recognise late repetitions of requests
     * ({@code docs/decisions/0018-call-records-in-the-table.md}).
     */
    static final Duration MEMORY = Duration.ofHours(24);

    /** How long the remains of a deleted record are kept: a day longer than readers of changes may be behind. */
    static final Duration REMAINS = CallRecordChanges.LONGEST_PAUSE.plusDays(1);

    private static final int GENERATION_BYTES = 12;
    /** Begins the generations whose keys have digests; those of earlier releases begin with another character. */
    private static final String WITH_DIGESTS = ".";

    private static final String PARTICIPANT = "#p#";
    private static final String SESSION = "#s#";
    private static final String CHUNK = "#c#";

    private DynamoDbCallRecordTable() {}

    // ---- keys

    /**
     * Returns a new generation: 16 characters, because it is in the key of every child, with 86 random bits. Earlier
     * releases used 36 characters, or 16 without a point at the beginning.
     */
    static String newGeneration() {
        UUID random = UUID.randomUUID();
        byte[] bits = ByteBuffer.allocate(GENERATION_BYTES)
                .putLong(random.getMostSignificantBits())
                .putInt((int) random.getLeastSignificantBits())
                .array();
        return WITH_DIGESTS
                + Base64.getUrlEncoder().withoutPadding().encodeToString(bits).substring(WITH_DIGESTS.length());
    }

    /** Returns true if the keys of a generation's sessions and participants have digests. */
    static boolean hasDigests(String generation) {
        return generation.startsWith(WITH_DIGESTS);
    }

    static String partition(CallRecordKey record) {
        return Keys.join(record.tenant(), record.id());
    }

    /** Returns the key of the record in whose partition an item is. */
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

    /** Returns the key of a participant of a generation. */
    static Map<String, AttributeValue> participantKey(
            CallRecordKey record, String generation, Participant participant) {
        return key(record, participantPrefix(generation) + participant.key());
    }

    /** Returns the id of a participant, and its digest, if any, from the sort key of its item. */
    static List<String> participantParts(String key) {
        return Keys.split(key.substring(key.indexOf(PARTICIPANT) + PARTICIPANT.length()));
    }

    /** Returns the prefix of the sort keys of a generation's participants. */
    static String participantPrefix(String generation) {
        return generation + PARTICIPANT;
    }

    /** Returns the prefix of the sort keys of a generation's sessions. */
    static String sessionPrefix(String generation) {
        return generation + SESSION;
    }

    /** Returns the prefix of the sort keys of the pieces of a generation's large segments. */
    static String chunkPrefix(String generation) {
        return generation + CHUNK;
    }

    /** Returns the partition of a shard of the index by start. */
    static String listedByStart(String tenant, int shard) {
        return Keys.join(tenant, "start", Integer.toString(shard));
    }

    /** Returns the partition of a shard of the index by change. */
    static String changedIn(String tenant, int shard) {
        return Keys.join(tenant, Integer.toString(shard));
    }

    /** Returns the partition in which earlier releases listed the records of a day. */
    static String listedByDay(String tenant, String day) {
        return Keys.join(tenant, "day", day);
    }

    static String listedByParticipant(String tenant, String participant) {
        return Keys.join(tenant, "participant", participant);
    }

    /** Returns the values of {@link #IN_RANGE}. */
    static Map<String, AttributeValue> range(CallRecordKey record, String from, String to) {
        return Map.of("record", text(partition(record)), "from", text(from), "to", text(to));
    }

    // ---- values

    static AttributeValue documentAttribute(JsonDocument document) {
        return document.isText() ? text(document.text()) : bytes(document.stored());
    }

    /** Returns the JSON of a stored document. */
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

    /** Returns the number of bytes of JSON in an item's document. */
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
