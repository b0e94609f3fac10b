package io.switchboard.sessions;

import io.switchboard.http.EntityTag;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.json.Json;
import io.switchboard.session.SessionJson;
import io.switchboard.session.SessionScope;
import io.switchboard.session.store.DeskReadStore;
import io.switchboard.text.Sha256;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the desk: the open sessions and the focused one. Thread-safe. */
final class DeskOperations {
    private static final int ENTITY_TAG_BYTES = 9;

    private final DeskReadStore desks;

    DeskOperations(DeskReadStore desks) {
        this.desks = desks;
    }

    Response read(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.scope(request);
        Map<String, @Nullable Object> desk = SessionJson.toJson(desks.desk(scope.owner(), request.now()), scope);
        // The titles and markers of sessions, the time and the caller's permissions change the response, but not the
        // version.
        byte[] digest = Sha256.of(Json.write(desk));
        String hash = HexFormat.of().formatHex(digest, 0, ENTITY_TAG_BYTES);
        EntityTag tag = new EntityTag(desk.get("version") + "-" + hash);
        return Response.ok(desk).withEntityTag(tag, request);
    }
}
