package io.switchboard.sessions.recordsource;

import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The OData service of one tenant and its credentials.
 *
 * @param baseUrl the URL of the OData service, without a trailing slash
 * @param entities the entity sets by the logical names of entities; other entities are not read
 * @param tokenUrl the token endpoint for client credentials
 */
record RecordSourceSettings(
        String baseUrl,
        Map<String, String> entities,
        String tokenUrl,
        String clientId,
        String clientSecret,
        String scope) {
    /** The same rule as for the parameter {@code Issuer}: http only for the local machine. */
    private static final Pattern URL =
            Pattern.compile("https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~%!$&'()*+,;=:@/-]*)?"
                    + "|http://(127\\.0\\.0\\.1|localhost)(:[0-9]{1,5})?(/[A-Za-z0-9._~%!$&'()*+,;=:@/-]*)?");

    private static final Pattern ENTITY_SET = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    RecordSourceSettings {
        entities = Map.copyOf(entities);
    }

    /**
     * Parses the secret and returns the settings of each tenant.
     *
     * @throws RecordSourceFault if the secret is malformed; the fault does not contain any of it
     */
    static Map<String, RecordSourceSettings> read(String secret) throws RecordSourceFault {
        Map<String, RecordSourceSettings> settings = new HashMap<>();
        for (var tenant : object(parse(secret), "tenants").entrySet()) {
            if (!(tenant.getValue() instanceof Map<?, ?> members)) {
                throw malformed();
            }
            settings.put(tenant.getKey(), of(ObjectReader.members(members)));
        }
        return settings;
    }

    private static Map<String, @Nullable Object> parse(String secret) throws RecordSourceFault {
        try {
            if (Json.read(secret) instanceof Map<?, ?> members) {
                return ObjectReader.members(members);
            }
        } catch (Json.MalformedJson e) {
            // Its message could contain a part of the secret.
        }
        throw malformed();
    }

    private static RecordSourceSettings of(Map<String, @Nullable Object> members) throws RecordSourceFault {
        Map<String, String> entities = new LinkedHashMap<>();
        for (var entity : object(members, "entities").entrySet()) {
            if (!(entity.getValue() instanceof String set)
                    || !ENTITY_SET.matcher(set).matches()) {
                throw malformed();
            }
            entities.put(entity.getKey(), set);
        }
        String baseUrl = url(members, "baseUrl");
        return new RecordSourceSettings(
                baseUrl.endsWith("/") ? baseUrl.substring(0, baseUrl.length() - 1) : baseUrl,
                entities,
                url(members, "tokenUrl"),
                text(members, "clientId"),
                text(members, "clientSecret"),
                text(members, "scope"));
    }

    private static String url(Map<String, @Nullable Object> members, String name) throws RecordSourceFault {
        String url = text(members, name);
        if (!URL.matcher(url).matches()) {
            throw malformed();
        }
        return url;
    }

    private static String text(Map<String, @Nullable Object> members, String name) throws RecordSourceFault {
        if (members.get(name) instanceof String text && !text.isBlank()) {
            return text;
        }
        throw malformed();
    }

    private static Map<String, @Nullable Object> object(Map<String, @Nullable Object> members, String name)
            throws RecordSourceFault {
        if (members.get(name) instanceof Map<?, ?> object) {
            return ObjectReader.members(object);
        }
        throw malformed();
    }

    private static RecordSourceFault malformed() {
        return new RecordSourceFault("secret malformed");
    }

    /** Returns a text without the credentials. */
    @Override
    public String toString() {
        return "RecordSourceSettings[" + baseUrl + "]";
    }
}
