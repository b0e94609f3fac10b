package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.MODALITIES;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The modalities of a call record: those that its source posted, and those of its sessions. */
final class DynamoDbModalities {
    private DynamoDbModalities() {}

    /** Adds modalities to content: the posted ones first, in their order, then those of sessions. */
    static void addModalities(Map<String, @Nullable Object> content, Set<String> all) {
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

    /** Returns the modalities of content. */
    static Set<String> modalities(Map<String, @Nullable Object> content) {
        Set<String> modalities = new TreeSet<>();
        if (content.get(MODALITIES) instanceof List<?> listed) {
            listed.forEach(each -> modalities.add(String.valueOf(each)));
        }
        return modalities;
    }

    /** Returns the modalities of a stored record. */
    static Set<String> modalitiesOf(Map<String, AttributeValue> item) {
        @Nullable AttributeValue modalities = item.get(MODALITIES);
        return modalities == null ? new TreeSet<>() : new TreeSet<>(modalities.ss());
    }

    static void putModalities(Map<String, AttributeValue> item, Set<String> modalities) {
        // A set must not be empty in DynamoDB, so an empty one is not stored.
        if (!modalities.isEmpty()) {
            item.put(MODALITIES, AttributeValue.fromSs(List.copyOf(modalities)));
        }
    }
}
