package io.switchboard.acceptance.graph;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.graph.models.Identity;
import com.microsoft.graph.models.IdentitySet;
import com.microsoft.graph.models.callrecords.FeedbackTokenSet;
import com.microsoft.graph.models.callrecords.Modality;
import com.microsoft.graph.models.callrecords.Session;
import com.microsoft.kiota.serialization.AdditionalDataHolder;
import com.microsoft.kiota.serialization.KiotaJsonSerialization;
import com.microsoft.kiota.serialization.Parsable;
import com.microsoft.kiota.store.BackedModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sessions in the form of Graph's client for Java. */
final class Payloads {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Payloads() {}

    /** Returns an example of {@code docs/domain/call-records.md}, "Example payloads", unchanged. */
    static String example(String name) {
        try (InputStream file = requireNonNull(Payloads.class.getResourceAsStream(name + ".json"), name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the example as the client's model, ready to be posted. */
    static Session exampleSession(String name) {
        return whole(session(example(name)));
    }

    static Session session(String json) {
        try {
            return KiotaJsonSerialization.deserialize(json, Session::createFromDiscriminatorValue);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the client send the whole model. Otherwise it sends only changes since the read. */
    static <T extends BackedModel> T whole(T read) {
        read.getBackingStore().setIsInitializationCompleted(false);
        return read;
    }

    /** Returns a session with only the required members. */
    static Session minimalSession(@Nullable String id, OffsetDateTime start) {
        Session session = new Session();
        if (id != null) {
            session.setId(id);
        }
        session.setStartDateTime(start);
        session.setEndDateTime(start.plusMinutes(5));
        session.setModalities(List.of(Modality.Audio));
        return session;
    }

    /** Returns a model's values as JSON, without nulls and annotations of the service. */
    static JsonNode values(Parsable model) {
        try {
            ObjectNode json = (ObjectNode) JSON.readTree(KiotaJsonSerialization.serializeAsString(model, false));
            json.remove(List.of("@odata.context", "@odata.type", "@odata.etag"));
            dropAbsent(json);
            return json;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes nulls, and empty collections, as which the API returns collections without a value. */
    private static void dropAbsent(JsonNode node) {
        Iterator<JsonNode> members = node.elements();
        while (members.hasNext()) {
            JsonNode member = members.next();
            if (member.isNull() || (member.isArray() && member.isEmpty())) {
                members.remove();
            } else {
                dropAbsent(member);
            }
        }
    }

    /**
     * Returns the data that the client could not map to its model, except those of open types, which accept everything,
     * and {@code @odata.context}.
     */
    static List<String> leftOver(Object model) {
        List<String> leftOver = new ArrayList<>();
        addLeftOver(model, model.getClass().getSimpleName(), leftOver);
        return leftOver;
    }

    private static void addLeftOver(@Nullable Object value, String path, List<String> leftOver) {
        if (value instanceof Iterable<?> elements) {
            elements.forEach(element -> addLeftOver(element, path + "[]", leftOver));
        }
        if (value instanceof AdditionalDataHolder holder && !isOpen(value)) {
            holder.getAdditionalData().keySet().stream()
                    .filter(name -> !name.equals("@odata.context"))
                    .forEach(name -> leftOver.add(path + "." + name));
        }
        if (value instanceof BackedModel model) {
            for (Map.Entry<String, Object> member :
                    model.getBackingStore().enumerate().entrySet()) {
                addLeftOver(member.getValue(), path + "." + member.getKey(), leftOver);
            }
        }
    }

    private static boolean isOpen(Object value) {
        return value instanceof Identity || value instanceof IdentitySet || value instanceof FeedbackTokenSet;
    }
}
