package io.switchboard.sessions;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.replay.Tables;
import io.switchboard.text.Seed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Runs the functions of this release and of the last release without summaries on one table, in random turns. Each
 * release must show the same sessions and the same desk, and lose no change of the other.
 */
class RollingDeploymentTest {
    private static final int STEPS = Boolean.getBoolean("switchboard.long") ? 3_000 : 500;
    private static final int DESKS = 5;
    private static final int FULL = 10;

    private final Tables tables = new Tables();
    private final Release current =
            new Release(new CreateSession(tables.environment()), new ManageSessions(tables.environment()));
    private final SplittableRandom random = Seed.random("rolling_deployment");
    private final Map<String, Integer> seen = new TreeMap<>();

    /** The two functions of a release. */
    private record Release(RequestStreamHandler create, RequestStreamHandler manage) {}

    /** A user's desk. */
    private static final class Owner {
        private final String user = UUID.randomUUID().toString();
        private final List<String> sessions = new ArrayList<>();
        /** Sessions whose appearance the previous release has changed since this release wrote their desk. */
        private final Set<String> changed = new HashSet<>();

        ApiEvent event(String method, String path) {
            return ApiEvent.of(method, path).user(user);
        }
    }

    /** Members that the previous release lacks, and that are null without their feature. */
    private static final List<String> LATER =
            List.of("handOver", "communicationPanelWidth", "wrapUpExpiresDateTime", "disposition", "notes", "closedBy");

    @Test
    void two_releases_on_one_table_show_the_same_and_lose_nothing() throws Exception {
        try (PreviousRelease release = new PreviousRelease("before-desk-summaries")) {
            Release previous = new Release(
                    release.function("CreateSession", tables.environment()),
                    release.function("ManageSessions", tables.environment()));
            assertThat(previous.create.getClass()).isNotEqualTo(CreateSession.class);
            for (int i = 0; i < DESKS; i++) {
                Owner owner = new Owner();
                for (int step = 0; step < STEPS / DESKS; step++) {
                    boolean isPrevious = random.nextBoolean();
                    step(owner, isPrevious ? previous : current, isPrevious);
                    compare(owner, previous);
                }
                for (String id : owner.sessions) {
                    send(owner.event("POST", "/sessions/" + id + "/focus"), current);
                }
                owner.changed.clear();
                compare(owner, previous);
            }
        }
        System.out.println("rolling_deployment: " + seen);
        assertThat(seen)
                .containsKeys("create 201", "create 409", "focus 200", "title 200", "badge 200", "requestFocus 200")
                .containsKeys("context 200", "close 200", "reopen 200", "DELETE 204", "desks of two releases compared");
    }

    private void step(Owner owner, Release release, boolean isPrevious) {
        int kind = random.nextInt(12);
        if (owner.sessions.isEmpty() || kind < 3) {
            boolean isFocused = random.nextBoolean();
            FunctionResponse response = owner.event("POST", "/sessions")
                    .body(Map.of(
                            "templateName",
                            "CallSessionTemplate",
                            "templateParameters",
                            Map.of("customer", Seed.text(random, 20) + "x"),
                            "isFocused",
                            isFocused))
                    .sendTo(release.create);
            count("create", response);
            if (response.status() == 201) {
                owner.sessions.add(response.text("sessionId"));
                clear(owner, isPrevious);
            }
            return;
        }
        String id = owner.sessions.get(random.nextInt(owner.sessions.size()));
        String path = "/sessions/" + id;
        switch (kind) {
            case 3, 4 -> write("focus", owner, id, owner.event("POST", path + "/focus"), release, isPrevious);
            case 5 ->
                patch("title", owner, id, Map.of("title", "t".repeat(1 + random.nextInt(200))), release, isPrevious);
            case 6 -> patch("badge", owner, id, Map.of("activityCount", random.nextInt(5)), release, isPrevious);
            case 7 -> {
                Map<String, Object> context = Map.of("orderId", Integer.toString(random.nextInt(9)));
                patch("context", owner, id, Map.of("context", context), release, isPrevious);
            }
            case 8 -> {
                count(
                        "requestFocus",
                        owner.event("POST", path + "/requestFocus").sendTo(release.manage));
                changed(owner, id, isPrevious);
            }
            case 9 -> write("close", owner, id, owner.event("POST", path + "/close"), release, isPrevious);
            case 10 -> write("reopen", owner, id, owner.event("POST", path + "/reopen"), release, isPrevious);
            default -> {
                if (owner.sessions.size() > FULL) {
                    write("DELETE", owner, id, owner.event("DELETE", path), release, isPrevious);
                    owner.sessions.remove(id);
                }
            }
        }
    }

    private void write(String name, Owner owner, String id, ApiEvent event, Release release, boolean isPrevious) {
        String version = deskVersion(owner);
        count(name, event.sendTo(release.manage));
        boolean hasDeskChanged = !deskVersion(owner).equals(version);
        if (hasDeskChanged) {
            clear(owner, isPrevious);
        }
        // A request that changes nothing, such as the reopening of an open session, does not complete the desk.
        if (isPrevious || hasDeskChanged) {
            changed(owner, id, isPrevious);
        }
    }

    /** Makes all summaries invalid, which the next write replaces, if the previous release has written the desk. */
    private static void clear(Owner owner, boolean isPrevious) {
        if (isPrevious) {
            owner.changed.clear();
        }
    }

    private String deskVersion(Owner owner) {
        return String.valueOf(
                owner.event("GET", "/desk").sendTo(current.manage).is(200).at("version"));
    }

    private void patch(
            String name, Owner owner, String id, Map<String, Object> body, Release release, boolean isPrevious) {
        count(name, owner.event("PATCH", "/sessions/" + id).body(body).sendTo(release.manage));
        changed(owner, id, isPrevious);
    }

    private static void changed(Owner owner, String id, boolean isPrevious) {
        if (isPrevious) {
            owner.changed.add(id);
        } else {
            owner.changed.remove(id);
        }
    }

    private void count(String name, FunctionResponse response) {
        assertThat(response.status()).as(response.body()).isLessThan(500);
        seen.merge(name + " " + response.status(), 1, Integer::sum);
    }

    private FunctionResponse send(ApiEvent event, Release release) {
        return event.sendTo(release.manage);
    }

    private void compare(Owner owner, Release previous) {
        FunctionResponse sessions = send(owner.event("GET", "/sessions").query("$top", "100"), current);
        assertThat(common(sessions.is(200)))
                .isEqualTo(send(owner.event("GET", "/sessions").query("$top", "100"), previous)
                        .is(200)
                        .body());
        FunctionResponse desk = send(owner.event("GET", "/desk"), current).is(200);
        FunctionResponse before = send(owner.event("GET", "/desk"), previous).is(200);
        if (owner.changed.isEmpty()) {
            assertThat(common(desk)).isEqualTo(before.body());
            seen.merge("desks of two releases compared", 1, Integer::sum);
        } else {
            assertThat(ids(desk)).isEqualTo(ids(before));
            assertThat(desk.at("focusedSessionId")).isEqualTo(before.at("focusedSessionId"));
        }
    }

    /** Returns the body of the current release without the empty members that the previous one lacks. */
    private static String common(FunctionResponse response) {
        String body = response.body()
                .replace(",\"notifications\":[]", "")
                .replace(",\"unsavedChanges\":false,\"highlighted\":false", "");
        for (String name : LATER) {
            body = body.replace(",\"" + name + "\":null", "");
        }
        // The previous release has no status on desks.
        return body.startsWith("{\"sessionLimit\"") ? body.replace(",\"status\":\"open\"", "") : body;
    }

    private static List<@Nullable Object> ids(FunctionResponse desk) {
        List<@Nullable Object> ids = new ArrayList<>();
        for (Object session : (List<?>) requireNonNull(desk.at("sessions"))) {
            ids.add(((Map<?, ?>) session).get("sessionId"));
        }
        return ids;
    }
}
