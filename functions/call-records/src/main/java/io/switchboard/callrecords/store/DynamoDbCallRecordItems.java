package io.switchboard.callrecords.store;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.json.Json;
import io.switchboard.storage.Keys;
import io.switchboard.text.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The items of the CallRecordOperations table but sessions: call records, participants, idempotency keys, what is being staged, and
 * the directory of days. Their keys and attributes, and the conditional writes that change them.
 */
final class DynamoDbCallRecordItems {
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

    /** Nobody has written the record since it was seen; sessions may have come. */
    private static final String AS_SEEN = "#generation = :seenGeneration AND #writeId = :seenWriteId";

    private static final String IS_LIVING =
            "attribute_exists(#generation) AND (attribute_not_exists(#expiresAt) OR #expiresAt > :now)";

    private static final String IS_FREE = "attribute_not_exists(#key) OR #expiresAt <= :now";

    /** What a new version of a record brings, or brings to an end. */
    private static final List<String> REPLACED = List.of(
            GENERATION,
            PARTICIPANT_GENERATION,
            VERSION,
            DOCUMENT,
            START,
            START_TEXT,
            END,
            END_TEXT,
            LISTED,
            PLACE,
            MODALITIES,
            LAST_MODIFIED,
            EXPIRES_AT,
            REQUEST_KEY,
            REQUEST_HASH,
            DynamoDb.WRITE_ID);

    /** How long what was deleted is known to late repetitions of requests ({@code DESIGN.md} §4). */
    static final Duration MEMORY = Duration.ofHours(24);

    /** How long children may be staged: longer than any request lives. */
    private static final Duration STAGING = Duration.ofHours(1);

    /**
     * How much longer a day is kept in the directory than a record that is made now: as long as the day is relied upon, and
     * then some.
     */
    private static final Duration DIRECTORY_MARGIN =
            AnnouncedDays.AGE.plusDays(1).plusHours(1);

    /** A record that came into being by a session: all that is known of its type. */
    private static final String UNKNOWN_TYPE = "unknown";

    private final String table;
    private final RecordLimits limits;

    DynamoDbCallRecordItems(String table, RecordLimits limits) {
        this.table = table;
        this.limits = limits;
    }

    // ---- call records

    /** A record that a session brings into being. */
    Map<String, AttributeValue> made(CallRecordKey key, NewSession session, String generation, Instant now) {
        Map<String, AttributeValue> item = recordKey(key);
        Span span = Span.of(session.content(), start(session), session.end());
        putSpan(item, key, span);
        putModalities(item, modalities(session.content()));
        item.put(GENERATION, text(generation));
        item.put(PARTICIPANT_GENERATION, text(generation));
        item.put(DynamoDb.WRITE_ID, text(generation));
        item.put(VERSION, number(0));
        item.put(REVISION, number(1));
        item.put(CREATED_AT, text(now.toString()));
        item.put(LAST_MODIFIED, text(now.toString()));
        putExpiry(item, expiry(now));
        return item;
    }

    /** A record as it is posted. */
    Map<String, AttributeValue> posted(
            NewCallRecord wanted,
            JsonDocument document,
            String generation,
            String participantGeneration,
            @Nullable Instant expiresAt,
            Instant now) {
        Map<String, AttributeValue> item = recordKey(wanted.key());
        item.putAll(content(wanted.key(), wanted.content(), document, now));
        item.put(GENERATION, text(generation));
        item.put(PARTICIPANT_GENERATION, text(participantGeneration));
        item.put(VERSION, number(wanted.version()));
        item.put(REVISION, number(1));
        item.put(CREATED_AT, text(now.toString()));
        putExpiry(item, expiresAt);
        putRequest(item, wanted.idempotencyKey());
        return item;
    }

    /** What of a record's item its content decides. */
    private static Map<String, AttributeValue> content(
            CallRecordKey key, Map<String, @Nullable Object> content, JsonDocument document, Instant now) {
        Map<String, AttributeValue> attributes = new HashMap<>();
        attributes.put(DOCUMENT, kept(document));
        putSpan(attributes, key, Span.of(content));
        putModalities(attributes, modalities(content));
        attributes.put(LAST_MODIFIED, text(now.toString()));
        return attributes;
    }

    /**
     * Makes a record for a session where there is none, and else lets it hold the session's modalities. The rest of it
     * stays; what may have to grow besides is seen from the answer.
     *
     * @param made the record, where there is none
     * @param demandsRecord whether it is only done where there is one
     */
    Write touch(CallRecordKey key, Map<String, AttributeValue> made, boolean demandsRecord, Instant now) {
        Map<String, AttributeValue> values = new HashMap<>(made);
        values.keySet().removeAll(List.of(PARTITION, KEY));
        if (demandsRecord) {
            values.remove(EXPIRES_AT);
        }
        boolean expires = values.containsKey(EXPIRES_AT);
        StringBuilder change = new StringBuilder("SET #" + LAST_MODIFIED + " = :" + LAST_MODIFIED);
        for (String name : values.keySet()) {
            if (!List.of(LAST_MODIFIED, MODALITIES, REVISION).contains(name)) {
                change.append(", #%1$s = if_not_exists(#%1$s, :%1$s)".formatted(name));
            }
        }
        change.append(" ADD #" + REVISION + " :" + REVISION);
        if (values.containsKey(MODALITIES)) {
            change.append(", #" + MODALITIES + " :" + MODALITIES);
        }
        Write write = Write.update(table, recordKey(key), change.toString())
                .onlyIf(demandsRecord ? IS_LIVING : "attribute_not_exists(#key) OR " + touchable(expires))
                .with("now", seconds(now));
        values.forEach(write::with);
        return write;
    }

    /** A record that is kept for good must not begin to expire by being touched. */
    private static String touchable(boolean expires) {
        return expires ? "(attribute_exists(#generation) AND #expiresAt > :now)" : "(" + IS_LIVING + ")";
    }

    /** Puts a whole record where none is. */
    Write putAbsent(Map<String, AttributeValue> item, Instant now) {
        return Write.put(table, item).onlyIf(IS_ABSENT).with("now", seconds(now));
    }

    /** The same, where what is left of a deleted record was not made by a request of this key either. */
    Write putAbsent(Map<String, AttributeValue> item, @Nullable IdempotencyKey key, Instant now) {
        return key == null
                ? putAbsent(item, now)
                : putAbsent(item, now)
                        .onlyIf(IS_ABSENT + " AND (#expiresAt <= :now OR NOT #requestKey = :requestKey)")
                        .with("requestKey", text(request(key)));
    }

    /**
     * Puts a record in the place of the one that was seen, whatever sessions have come to that since.
     *
     * @param item gets what it has from the one that was seen
     */
    Write replace(Map<String, AttributeValue> item, Map<String, AttributeValue> seen) {
        StringBuilder set = new StringBuilder();
        StringBuilder remove = new StringBuilder();
        for (String name : REPLACED) {
            if (item.containsKey(name)) {
                set.append(set.isEmpty() ? "SET " : ", ").append("#%1$s = :%1$s".formatted(name));
            } else {
                remove.append(remove.isEmpty() ? " REMOVE #" : ", #").append(name);
            }
        }
        Write write = Write.update(table, keyOf(item), set + " ADD #" + REVISION + " :one" + remove)
                .with("one", number(1));
        for (String name : REPLACED) {
            if (item.containsKey(name)) {
                write.with(name, attributeOf(item, name));
            }
        }
        item.put(REVISION, number(numberOf(seen, REVISION) + 1));
        item.put(CREATED_AT, attributeOf(seen, CREATED_AT));
        return write.onlyIf(AS_SEEN)
                .with("seenGeneration", attributeOf(seen, GENERATION))
                .with("seenWriteId", attributeOf(seen, DynamoDb.WRITE_ID));
    }

    /** Lets a record hold a longer span and more modalities than it was seen with. */
    Write widen(CallRecordKey key, String generation, Span seen, Span wider, Set<String> modalities, Instant now) {
        Map<String, AttributeValue> span = new HashMap<>();
        putSpan(span, key, wider);
        StringBuilder change = new StringBuilder("SET #" + LAST_MODIFIED + " = :" + LAST_MODIFIED);
        span.keySet()
                .forEach(
                        name -> change.append(", #").append(name).append(" = :").append(name));
        change.append(" ADD #" + REVISION + " :one");
        if (!modalities.isEmpty()) {
            change.append(", #" + MODALITIES + " :" + MODALITIES);
        }
        Write write = Write.update(table, recordKey(key), change.toString())
                .onlyIf("#generation = :generation AND #start = :seenStart AND #end = :seenEnd")
                .with(LAST_MODIFIED, text(now.toString()))
                .with("one", number(1))
                .with(GENERATION, text(generation))
                .with("seenStart", text(seen.start().key()))
                .with("seenEnd", text(seen.end().key()));
        span.forEach(write::with);
        if (!modalities.isEmpty()) {
            write.with(MODALITIES, AttributeValue.fromSs(List.copyOf(modalities)));
        }
        return write;
    }

    /** Takes back modalities that a record got for a session that was refused, if nothing else has come since. */
    Write withdraw(CallRecordKey key, String generation, long revision, Set<String> modalities) {
        return Write.update(
                        table, recordKey(key), "ADD #" + REVISION + " :one DELETE #" + MODALITIES + " :" + MODALITIES)
                .onlyIf("#generation = :seenGeneration AND #revision = :seenRevision")
                .with("seenGeneration", text(generation))
                .with("seenRevision", number(revision))
                .with("one", number(1))
                .with(MODALITIES, AttributeValue.fromSs(List.copyOf(modalities)));
    }

    /**
     * Gives a record another content. What sessions make grow is left alone where the content leaves it: they come all the
     * time, and neither has to wait for the other.
     */
    Write change(CallRecord before, Map<String, AttributeValue> changed, String writeId, Instant now) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(DynamoDb.WRITE_ID, text(writeId));
        values.put(DOCUMENT, attributeOf(changed, DOCUMENT));
        values.put(LAST_MODIFIED, attributeOf(changed, LAST_MODIFIED));
        Map<String, AttributeValue> seen = new HashMap<>();
        StringBuilder condition = new StringBuilder(AS_SEEN + " AND NOT " + IS_ABSENT);
        Span span = Span.of(before.content());
        if (!span.equals(spanOf(changed))) {
            putSpan(values, before.key(), spanOf(changed));
            condition.append(" AND #start = :seenStart AND #end = :seenEnd");
            seen.put("seenStart", text(span.start().key()));
            seen.put("seenEnd", text(span.end().key()));
        }
        Set<String> modalities = modalities(before.content());
        if (!modalities.equals(modalitiesOf(changed)) && !modalities.isEmpty()) {
            putModalities(values, modalitiesOf(changed));
            condition.append(" AND #modalities = :seenModalities");
            seen.put("seenModalities", AttributeValue.fromSs(List.copyOf(modalities)));
        }
        StringBuilder change = new StringBuilder();
        values.keySet()
                .forEach(name ->
                        change.append(change.isEmpty() ? "SET " : ", ").append("#%1$s = :%1$s".formatted(name)));
        Write write = Write.update(table, recordKey(before.key()), change + " ADD #" + REVISION + " :one")
                .onlyIf(condition.toString())
                .with("one", number(1))
                .with("seenGeneration", text(before.generation()))
                .with("seenWriteId", text(before.writeId()))
                .with("now", seconds(now));
        values.forEach(write::with);
        seen.forEach(write::with);
        return write;
    }

    /** What of a record's item another content decides. */
    static Map<String, AttributeValue> changed(
            CallRecord before, Map<String, @Nullable Object> content, JsonDocument document, Instant now) {
        return content(before.key(), content, document, now);
    }

    /** A record after it was {@link #changed}. */
    static CallRecord record(CallRecord before, Map<String, AttributeValue> changed, String writeId) {
        Map<String, AttributeValue> item = new HashMap<>(changed);
        item.put(DynamoDb.WRITE_ID, text(writeId));
        item.put(REVISION, number(before.revision() + 1));
        item.put(GENERATION, text(before.generation()));
        item.put(PARTICIPANT_GENERATION, text(before.participantGeneration()));
        item.put(VERSION, number(before.version()));
        putExpiry(item, before.expiresAt());
        return record(before.key(), item);
    }

    /**
     * Ends a record. What is left tells a late repetition of a write from one that comes anew: were it gone altogether, the
     * first session's write, sent again after its answer was lost, would bring the ended generation back.
     */
    Write end(CallRecord before, String writeId, Instant now) {
        StringBuilder removed = new StringBuilder();
        for (String name : List.of(
                GENERATION,
                PARTICIPANT_GENERATION,
                VERSION,
                REVISION,
                CREATED_AT,
                LAST_MODIFIED,
                DOCUMENT,
                MODALITIES,
                START,
                START_TEXT,
                END,
                END_TEXT,
                LISTED,
                PLACE)) {
            removed.append(removed.isEmpty() ? " REMOVE #" : ", #").append(name);
        }
        return Write.update(
                        table, recordKey(before.key()), "SET #writeId = :writeId, #expiresAt = :expiresAt" + removed)
                .onlyIf(AS_SEEN + " AND NOT " + IS_ABSENT)
                .with("seenGeneration", text(before.generation()))
                .with("seenWriteId", text(before.writeId()))
                .with("now", seconds(now))
                .with("writeId", text(writeId))
                .with("expiresAt", seconds(now.plus(MEMORY)));
    }

    /** Whether an item is a record that readers see. */
    static boolean isLiving(Map<String, AttributeValue> item, Instant now) {
        return item.containsKey(GENERATION) && !isExpired(item, now);
    }

    static boolean isExpired(Map<String, AttributeValue> item, Instant now) {
        @Nullable Instant expiresAt = expiryOf(item);
        return expiresAt != null && !expiresAt.isAfter(now);
    }

    /** The record that an item holds. */
    static CallRecord record(CallRecordKey key, Map<String, AttributeValue> item) {
        long version = numberOf(item, VERSION);
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        @Nullable AttributeValue document = item.get(DOCUMENT);
        if (document == null) {
            content.put("id", key.id());
            content.put("version", version);
            content.put("type", UNKNOWN_TYPE);
            content.put(MODALITIES, List.copyOf(modalitiesOf(item)));
        } else {
            content.putAll(contentOf(document));
            addModalities(content, modalitiesOf(item));
        }
        spanOf(item).tell(content);
        content.putIfAbsent("lastModifiedDateTime", textOf(item, LAST_MODIFIED));
        return new CallRecord(
                key,
                textOf(item, GENERATION),
                textOf(item, PARTICIPANT_GENERATION),
                version,
                content,
                numberOf(item, REVISION),
                textOf(item, DynamoDb.WRITE_ID),
                expiryOf(item));
    }

    /** How many bytes of JSON a record's document is. */
    static int length(Map<String, AttributeValue> item) {
        @Nullable AttributeValue document = item.get(DOCUMENT);
        return document == null ? 0 : json(document).length;
    }

    /** The ones that were posted come first, as they were; those that came with sessions follow. */
    private static void addModalities(Map<String, @Nullable Object> content, Set<String> all) {
        List<@Nullable Object> listed = new ArrayList<>();
        if (content.get(MODALITIES) instanceof List<?> posted) {
            listed.addAll(posted);
        }
        for (String modality : all) {
            if (!listed.contains(modality)) {
                listed.add(modality);
            }
        }
        content.put(MODALITIES, listed);
    }

    static Set<String> modalities(Map<String, @Nullable Object> content) {
        Set<String> modalities = new TreeSet<>();
        if (content.get(MODALITIES) instanceof List<?> listed) {
            listed.forEach(each -> modalities.add(String.valueOf(each)));
        }
        return modalities;
    }

    static Set<String> modalitiesOf(Map<String, AttributeValue> item) {
        @Nullable AttributeValue modalities = item.get(MODALITIES);
        return modalities == null ? new TreeSet<>() : new TreeSet<>(modalities.ss());
    }

    private static void putModalities(Map<String, AttributeValue> item, Set<String> modalities) {
        // A set may not be empty in DynamoDB: an empty one is no attribute.
        if (!modalities.isEmpty()) {
            item.put(MODALITIES, AttributeValue.fromSs(List.copyOf(modalities)));
        }
    }

    static Span spanOf(Map<String, AttributeValue> item) {
        return new Span(
                new GraphInstant(textOf(item, START)),
                textOf(item, START_TEXT),
                new GraphInstant(textOf(item, END)),
                textOf(item, END_TEXT));
    }

    private static void putSpan(Map<String, AttributeValue> item, CallRecordKey key, Span span) {
        item.put(START, text(span.start().key()));
        item.put(START_TEXT, text(span.startText()));
        item.put(END, text(span.end().key()));
        item.put(END_TEXT, text(span.endText()));
        item.put(LISTED, text(listedByDay(key.tenant(), span.start().day())));
        item.put(PLACE, text(span.start().key() + "#" + Keys.join(key.id())));
    }

    static GraphInstant start(NewSession session) {
        return new GraphInstant(session.key().start());
    }

    /** When a record that is stored now expires; null where it is kept. */
    @Nullable
    Instant expiry(Instant now) {
        return limits.retention().isZero()
                ? null
                : Instant.ofEpochSecond(now.plus(limits.retention()).getEpochSecond());
    }

    // ---- idempotency keys

    /** A record's idempotency key, within its item. */
    private static void putRequest(Map<String, AttributeValue> item, @Nullable IdempotencyKey key) {
        if (key != null) {
            item.put(REQUEST_KEY, text(request(key)));
            item.put(REQUEST_HASH, text(key.requestHash()));
        }
    }

    /** Whether an item came from a request with this key; what its hash was is another question. */
    static boolean isOfKey(Map<String, AttributeValue> item, IdempotencyKey key, Instant now) {
        return request(key).equals(textOrNull(item, REQUEST_KEY)) && !isExpired(item, now);
    }

    static boolean isOfRequest(Map<String, AttributeValue> item, IdempotencyKey key) {
        return key.requestHash().equals(textOrNull(item, REQUEST_HASH));
    }

    /** The sort key of an idempotency key's own item. */
    static String request(IdempotencyKey key) {
        return REQUEST + HexFormat.of().formatHex(Sha256.of(key.key()));
    }

    /** Remembers a request that made a child, where its key is free. */
    Write remember(
            CallRecordKey record,
            IdempotencyKey key,
            String generation,
            @Nullable Instant expiresAt,
            String writeId,
            Instant now) {
        return Write.put(table, memory(record, request(key), key.requestHash(), generation, expiresAt, writeId, now))
                .onlyIf(IS_FREE)
                .with("now", seconds(now));
    }

    /** Remembers where the session went that a request has made. */
    Write rememberMove(
            CallRecord record, String requestKey, String requestHash, SessionKey moved, String writeId, Instant now) {
        Map<String, AttributeValue> item =
                memory(record.key(), requestKey, requestHash, record.generation(), record.expiresAt(), writeId, now);
        item.put(MOVED_TO, text(moved.text()));
        return Write.put(table, item);
    }

    private static Map<String, AttributeValue> memory(
            CallRecordKey record,
            String requestKey,
            String requestHash,
            String generation,
            @Nullable Instant expiresAt,
            String writeId,
            Instant now) {
        Map<String, AttributeValue> item = key(record, requestKey);
        item.put(REQUEST_HASH, text(requestHash));
        item.put(GENERATION, text(generation));
        item.put(DynamoDb.WRITE_ID, text(writeId));
        Instant least = now.plus(MEMORY);
        putExpiry(item, expiresAt == null || expiresAt.isAfter(least) ? expiresAt : least);
        return item;
    }

    /** A request is forgotten a day after what it made. */
    Write forgetSoon(Map<String, AttributeValue> memory, Instant now) {
        return Write.update(table, keyOf(memory), "SET #expiresAt = :expiresAt REMOVE #" + MOVED_TO)
                .onlyIf("#generation = :generation")
                .with("generation", attributeOf(memory, GENERATION))
                .with("expiresAt", seconds(now.plus(MEMORY)));
    }

    // ---- participants

    /** A participant that is new in its generation. */
    Write putParticipant(
            CallRecordKey record,
            String generation,
            Participant participant,
            JsonDocument document,
            @Nullable Instant expiresAt,
            String writeId) {
        Map<String, AttributeValue> item = participantKey(record, generation, participant.id());
        item.put(DOCUMENT, kept(document));
        item.put(REVISION, number(participant.revision()));
        item.put(DynamoDb.WRITE_ID, text(writeId));
        item.put(LISTED, text(listedByParticipant(record.tenant(), participant.id())));
        item.put(PLACE, text(Keys.join(record.id()) + "#" + generation));
        putExpiry(item, expiresAt);
        return Write.put(table, item).onlyIf("attribute_not_exists(#key)");
    }

    /** The record still has this generation of participants. */
    Write demandParticipants(CallRecord record, Instant now) {
        return Write.check(table, recordKey(record.key()))
                .onlyIf("#participantGeneration = :generation AND NOT " + IS_ABSENT)
                .with("generation", text(record.participantGeneration()))
                .with("now", seconds(now));
    }

    /** A participant with another content. */
    Write changeParticipant(CallRecord record, Participant before, JsonDocument document, String writeId) {
        return Write.update(
                        table,
                        participantKey(record.key(), record.participantGeneration(), before.id()),
                        "SET #document = :document, #revision = :next, #writeId = :writeId")
                .onlyIf("#revision = :seen")
                .with("document", kept(document))
                .with("next", number(before.revision() + 1))
                .with("writeId", text(writeId))
                .with("seen", number(before.revision()));
    }

    Write deleteParticipant(CallRecord record, Participant before) {
        return Write.delete(table, participantKey(record.key(), record.participantGeneration(), before.id()))
                .onlyIf("#revision = :seen")
                .with("seen", number(before.revision()));
    }

    static Participant participant(Map<String, AttributeValue> item) {
        String key = textOf(item, KEY);
        return new Participant(
                Keys.split(key.substring(key.indexOf(PARTICIPANT) + PARTICIPANT.length()))
                        .getFirst(),
                contentOf(attributeOf(item, DOCUMENT)),
                numberOf(item, REVISION));
    }

    // ---- staged children

    /** Children of this generation are being staged. */
    Write stage(CallRecordKey record, String generation, String writeId, Instant now) {
        Map<String, AttributeValue> item = key(record, STAGED + generation);
        item.put(DynamoDb.WRITE_ID, text(writeId));
        item.put(EXPIRES_AT, seconds(now.plus(STAGING)));
        return Write.put(table, item);
    }

    /** They are staged, or will never be. */
    Write unstage(CallRecordKey record, String generation) {
        return Write.delete(table, key(record, STAGED + generation));
    }

    // ---- days

    /**
     * Enters a day into the directory, for longer than a record that is made before the next entry lives. An entry that
     * lives longer stays: it may be there for records that were stored when they were to be kept longer.
     */
    Write announce(String tenant, String day, Instant now) {
        Map<String, AttributeValue> key = new HashMap<>();
        key.put(PARTITION, text(Keys.join(tenant)));
        key.put(KEY, text(DAY + day));
        if (limits.retention().isZero()) {
            return Write.update(table, key, "REMOVE #expiresAt");
        }
        return Write.update(table, key, "SET #expiresAt = :expiresAt")
                .onlyIf("attribute_not_exists(#key) OR #expiresAt < :expiresAt")
                .with("expiresAt", seconds(now.plus(limits.retention()).plus(DIRECTORY_MARGIN)));
    }

    // ---- keys

    private static final String PARTICIPANT = "#p#";
    private static final String SESSION = "#s#";
    private static final String CHUNK = "#c#";

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

    static Map<String, AttributeValue> participantKey(CallRecordKey record, String generation, String id) {
        return key(record, participants(generation) + Keys.join(id));
    }

    /** What the keys of a generation's participants begin with. */
    static String participants(String generation) {
        return generation + PARTICIPANT;
    }

    /** What the keys of a generation's sessions begin with. */
    static String sessions(String generation) {
        return generation + SESSION;
    }

    /** What the keys of the pieces of a generation's large segments begin with. */
    static String chunks(String generation) {
        return generation + CHUNK;
    }

    static String listedByDay(String tenant, String day) {
        return Keys.join(tenant, "day", day);
    }

    static String listedByParticipant(String tenant, String participant) {
        return Keys.join(tenant, "participant", participant);
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

    private static void putExpiry(Map<String, AttributeValue> item, @Nullable Instant expiresAt) {
        if (expiresAt != null) {
            item.put(EXPIRES_AT, seconds(expiresAt));
        }
    }

    static @Nullable Instant expiryOf(Map<String, AttributeValue> item) {
        @Nullable AttributeValue expiresAt = item.get(EXPIRES_AT);
        return expiresAt == null ? null : Instant.ofEpochSecond(Long.parseLong(expiresAt.n()));
    }

    static AttributeValue text(String text) {
        return AttributeValue.fromS(text);
    }

    static AttributeValue number(long number) {
        return AttributeValue.fromN(Long.toString(number));
    }

    static AttributeValue seconds(Instant instant) {
        return number(instant.getEpochSecond());
    }

    static AttributeValue bytes(byte[] bytes) {
        return AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(bytes));
    }

    static AttributeValue attributeOf(Map<String, AttributeValue> item, String name) {
        return Objects.requireNonNull(item.get(name), () -> "An item of the CallRecords table has no " + name);
    }

    static String textOf(Map<String, AttributeValue> item, String name) {
        return attributeOf(item, name).s();
    }

    static @Nullable String textOrNull(Map<String, AttributeValue> item, String name) {
        @Nullable AttributeValue value = item.get(name);
        return value == null ? null : value.s();
    }

    static long numberOf(Map<String, AttributeValue> item, String name) {
        return Long.parseLong(attributeOf(item, name).n());
    }
}
