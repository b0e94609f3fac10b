package io.switchboard.local.faults;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.http.Json;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What lies in the tables, past the stores: every item whole, and those that were written together there together. */
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

    /** A desk's open ids are exactly its owner's sessions that are not closed. */
    void requireWholeSessions() {
        Map<String, Set<String>> open = new HashMap<>();
        Map<String, Set<String>> held = new HashMap<>();
        for (Map<String, AttributeValue> item : items("Sessions")) {
            String owner = text(item, "owner");
            String key = text(item, "key");
            if (key.equals("DESK")) {
                assertThat(item.keySet()).contains("version", "writeId");
                @Nullable AttributeValue ids = item.get("open");
                held.put(owner, ids == null ? Set.of() : new HashSet<>(ids.ss()));
                continue;
            }
            assertThat(item)
                    .as(key)
                    .containsOnlyKeys(
                            "owner",
                            "key",
                            "document",
                            "version",
                            "lastActivity",
                            "requestHash",
                            "writeId",
                            "expiresAt");
            Map<String, ?> session = Json.readOwn(text(item, "document"));
            if (session.get("closedDateTime") == null) {
                open.computeIfAbsent(owner, any -> new HashSet<>()).add(key.substring("SESSION#".length()));
            }
        }
        held.values().removeIf(Set::isEmpty);
        assertThat(held).as("what the desks hold").isEqualTo(open);
    }

    /** A template counts exactly the references to it that are there, and each of these has both its ends. */
    void requireWholeTemplates() {
        Map<String, Integer> counted = new HashMap<>();
        Map<String, Integer> there = new HashMap<>();
        List<String> users = new ArrayList<>();
        Set<String> templates = new HashSet<>();
        for (Map<String, AttributeValue> item : items("Templates")) {
            String tenant = text(item, "tenant");
            String key = text(item, "key");
            assertThat(item.keySet()).as(key).contains("uniqueName", "writeId");
            if (key.startsWith("reference#")) {
                // reference#kind#tab#kind#user
                String[] parts = key.split("#", -1);
                there.merge(tenant + " " + parts[1] + "#" + parts[2], 1, Integer::sum);
                users.add(tenant + " " + parts[3] + "#" + parts[4]);
                continue;
            }
            templates.add(tenant + " " + key);
            assertThat(item.keySet())
                    .as(key)
                    .contains("document", "version", "created", "createdBy", "modified", "modifiedBy");
            assertThat(Json.readOwn(text(item, "document"))).containsKey("title");
            @Nullable AttributeValue references = item.get("references");
            if (references != null && !references.n().equals("0")) {
                counted.put(tenant + " " + key, Integer.parseInt(references.n()));
            }
        }
        assertThat(counted).as("what the templates count").isEqualTo(there);
        assertThat(templates).as("the templates that refer").containsAll(users);
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
