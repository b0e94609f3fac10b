package io.switchboard.sessions;

import io.switchboard.http.EntityTag;
import io.switchboard.http.ErrorCode;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.json.Json;
import io.switchboard.session.SessionScope;
import io.switchboard.session.TabState;
import io.switchboard.session.store.TabStateStore;
import io.switchboard.session.store.TabStateStore.SessionTabState;
import io.switchboard.session.store.TabStateStore.StateChange;
import io.switchboard.text.Guid;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operations on the state of a tab: any JSON that its page stores, with a separate entity tag. Thread-safe. */
final class TabStateOperations {
    private final TabStateStore states;

    TabStateOperations(TabStateStore states) {
        this.states = states;
    }

    /** Returns the state, also of a closed session. */
    Response read(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.scope(request);
        TabOperations.refuseTabOfHome(request);
        String id = SessionResponses.sessionId(request);
        SessionTabState found =
                states.state(scope, id, tabId(request), request.now()).orElseThrow(() -> SessionResponses.notFound(id));
        TabOperations.tab(found.session().session(), request);
        TabState state = found.state();
        if (state.text() == null) {
            throw Refusal.notFound("The tab has no state. Store one with PUT.");
        }
        return Response.ok(tree(state.text())).withEntityTag(EntityTag.ofVersion(state.version()), request);
    }

    /** Stores the state. The response is the same whether or not the tab had a state, so a retry gets it too. */
    Response replace(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.writableScope(request);
        @Nullable Object tree = request.bodyValue();
        if (tree == null) {
            throw Refusal.invalid(
                    "invalidValue",
                    "",
                    "The state must not be null. To remove it, use DELETE; otherwise, send a value.");
        }
        String text = Json.write(tree);
        int size = text.getBytes(StandardCharsets.UTF_8).length;
        if (size > TabState.LARGEST) {
            throw Refusal.invalid(
                    "tooLong",
                    "",
                    "The state has " + size + " bytes; at most " + TabState.LARGEST
                            + " are allowed. Send a smaller state.");
        }
        TabState stored = change(request, scope, text);
        return Response.ok(tree)
                .with("ETag", EntityTag.ofVersion(stored.version()).toString());
    }

    /** Deletes the state, if the tab has one. */
    Response delete(Request request) {
        request.query(Set.of());
        change(request, SessionRoutes.writableScope(request), null);
        return Response.noContent();
    }

    private TabState change(Request request, SessionScope scope, @Nullable String text) {
        TabOperations.refuseTabOfHome(request);
        String id = SessionResponses.sessionId(request);
        StateChange change = current -> {
            TabOperations.tab(current.session().session(), request);
            if (!current.session().isOpen()) {
                throw SessionResponses.closed();
            }
            require(request, current.state());
            return text;
        };
        return states.changeState(scope, id, tabId(request), change, request.now())
                .orElseThrow(() -> SessionResponses.notFound(id));
    }

    /**
     * Requires the preconditions of the request (RFC 9110 §13.1).
     *
     * @throws Refusal 412
     */
    private static void require(Request request, TabState state) {
        boolean exists = state.text() != null;
        EntityTag tag = EntityTag.ofVersion(state.version());
        if (request.ifMatch().isPresent() && !(exists && request.precondition().admits(state.version()))) {
            throw Refusal.of(
                    ErrorCode.PRECONDITION_FAILED,
                    exists
                            ? "The state has version " + state.version()
                                    + ". Fetch it again and retry with the new ETag."
                            : "The tab has no state. Retry without If-Match.");
        }
        if (exists && request.ifNoneMatch().filter(tag::matchesAnyOf).isPresent()) {
            throw Refusal.of(
                    ErrorCode.PRECONDITION_FAILED,
                    "The state already has version " + state.version() + ". Send If-Match to replace it.");
        }
    }

    /**
     * Returns the tab id in the path, which fits a key.
     *
     * @throws Refusal 404 if no tab can have it
     */
    private static String tabId(Request request) {
        String id = request.pathParameter("tabId");
        if (!Guid.isGuid(id)) {
            throw TabOperations.tabNotFound(request);
        }
        return id;
    }

    private static Object tree(String text) {
        try {
            return Objects.requireNonNull(Json.read(text));
        } catch (Json.MalformedJson e) {
            throw new IllegalStateException("The state of a tab is not valid JSON", e);
        }
    }
}
