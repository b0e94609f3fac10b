package io.switchboard.local.faults;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Checks the items in the tables directly, without the stores: every item is complete, and items written together exist
 * together.
 */
final class StoredItems implements AutoCloseable {
    private final DynamoDbClient client;

    StoredItems(URI dynamoDb) {
        client = DynamoDbClient.builder()
                .endpointOverride(dynamoDb)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    /**
     * Checks that a desk's open ids are exactly its owner's sessions that are not closed, and that the index contains
     * exactly the closed ones.
     */
    void requireConsistentSessions() {
        Map<String, Set<String>> open = new HashMap<>();
        Map<String, Set<String>> held = new HashMap<>();
        Map<String, Set<String>> titles = new HashMap<>();
        Map<String, Set<String>> openTitles = new HashMap<>();
        for (Map<String, AttributeValue> item : items("Sessions")) {
            String owner = text(item, "owner");
            String key = text(item, "key");
            if (key.equals("DESK")) {
                assertThat(item.keySet()).contains("version", "writeId");
                assertThat(item).containsEntry("sessionsVersion", requireNonNull(item.get("version")));
                @Nullable AttributeValue ids = item.get("open");
                held.put(owner, ids == null ? Set.of() : new HashSet<>(ids.ss()));
                for (AttributeValue summary :
                        requireNonNull(item.get("sessions")).l()) {
                    titles.computeIfAbsent(owner, any -> new HashSet<>()).add(title(summary.m()));
                }
                continue;
            }
            Map<String, ?> session = Json.readOwn(text(item, "document"));
            Set<String> attributes = new HashSet<>(
                    Set.of("owner", "key", "document", "version", "lastActivity", "writeId", "expiresAt"));
            // A session created without an idempotency key has no hash.
            if (item.containsKey("requestHash")) {
                attributes.add("requestHash");
            }
            if (session.get("closedDateTime") != null) {
                attributes.add("closedAt");
            }
            assertThat(item.keySet()).as(key).isEqualTo(attributes);
            if (session.get("closedDateTime") == null) {
                String id = key.substring("SESSION#".length());
                open.computeIfAbsent(owner, any -> new HashSet<>()).add(id);
                openTitles
                        .computeIfAbsent(owner, any -> new HashSet<>())
                        .add(id.substring(0, 8) + " " + requireNonNull(session.get("title")));
            }
        }
        held.values().removeIf(Set::isEmpty);
        assertThat(held).as("open sessions of the desks").isEqualTo(open);
        assertThat(titles).as("titles on the desks").isEqualTo(openTitles);
    }

    private static String title(Map<String, AttributeValue> summary) {
        return text(summary, "id") + " " + text(summary, "title");
    }

    /**
     * Checks that a template counts and lists exactly its references, that its versions have no gap, and that the last
     * version equals its current or last content.
     */
    void requireConsistentTemplates() {
        Map<String, Long> counted = new HashMap<>();
        Map<String, Set<String>> named = new HashMap<>();
        Map<String, Set<String>> using = new HashMap<>();
        Map<String, String> last = new HashMap<>();
        Map<String, Map<Long, String>> versions = new HashMap<>();
        for (Map<String, AttributeValue> item : items("Templates")) {
            String tenant = text(item, "tenant") + " ";
            String key = text(item, "key");
            assertThat(item.keySet()).as(key).contains("uniqueName", "version", "writeId");
            String number = requireNonNull(item.get("version")).n();
            if (key.startsWith("deleted#")) {
                last.putIfAbsent(tenant + key.substring("deleted#".length()), number);
                continue;
            }
            assertThat(item.keySet()).as(key).contains("document", "created", "createdBy", "modified", "modifiedBy");
            String document = text(item, "document");
            if (key.startsWith("version#")) {
                String name = tenant + key.substring("version#".length(), key.lastIndexOf('#'));
                assertThat(Long.parseLong(key.substring(key.lastIndexOf('#') + 1)))
                        .isEqualTo(Long.parseLong(number));
                versions.computeIfAbsent(name, any -> new HashMap<>()).put(Long.parseLong(number), document);
                continue;
            }
            last.put(tenant + key, number + " " + document);
            Map<String, @Nullable Object> template = Json.readOwn(document);
            if (template.get("anchorTab") instanceof String tab) {
                using.computeIfAbsent(tenant + "applicationTabTemplate#" + tab, any -> new HashSet<>())
                        .add(text(item, "uniqueName"));
            }
            @Nullable AttributeValue references = item.get("references");
            if (references != null && !references.n().equals("0")) {
                counted.put(tenant + key, Long.parseLong(references.n()));
            }
            @Nullable AttributeValue users = item.get("usedBy");
            if (users != null) {
                named.put(tenant + key, Set.copyOf(users.ss()));
            }
        }
        Map<String, Long> there = new HashMap<>();
        using.forEach((tab, users) -> there.put(tab, (long) users.size()));
        assertThat(counted).as("reference counts of the templates").isEqualTo(there);
        assertThat(named).as("listed references of the templates").isEqualTo(using);
        assertThat(versions.keySet()).as("templates with versions").isEqualTo(last.keySet());
        versions.forEach((name, documents) -> {
            String state = requireNonNull(last.get(name));
            int space = state.indexOf(' ');
            long newest = Long.parseLong(space < 0 ? state : state.substring(0, space));
            assertThat(documents.keySet())
                    .as("versions of " + name)
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.rangeClosed(1, newest).boxed().toList());
            if (space >= 0) {
                assertThat(documents).containsEntry(newest, state.substring(space + 1));
            }
        });
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        @Nullable AttributeValue value = item.get(name);
        assertThat(value).as("%s of %s", name, item).isNotNull();
        return requireNonNull(value).s();
    }

    private List<Map<String, AttributeValue>> items(String table) {
        return client.scanPaginator(scan -> scan.tableName(table).consistentRead(true)).items().stream()
                .toList();
    }

    @Override
    public void close() {
        client.close();
    }
}
