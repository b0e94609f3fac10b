package io.switchboard.local.faults;

import io.switchboard.local.faults.FaultRun.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An administrator of a tenant, who changes templates exclusively and one template together with all other
 * administrators of the tenant. Not thread-safe; the administrators of a tenant share only {@link SharedTemplate}.
 */
final class TemplateOwner {
    private static final String TABS = "/applicationTabTemplates/";
    private static final String TEMPLATES = "/sessionTemplates/";
    private final FaultRun run;
    private final SharedTemplate shared;
    private final String token;
    private final List<OwnedTemplate> own = new ArrayList<>();
    private final String usedTab;
    private int texts;

    /** The template that all administrators of a tenant change, each based on the version it has read. */
    static final class SharedTemplate {
        private final FaultRun run;
        private final String tenant;
        private final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
        private final Map<String, Boolean> unsure = new ConcurrentHashMap<>();

        SharedTemplate(FaultRun run, String tenant) {
            this.run = run;
            this.tenant = tenant;
        }

        /** Checks that no acknowledged change is lost or applied twice: each change increments the version once. */
        void verify() {
            String token = run.token("tenant=" + tenant + "&user=verifier&scope=Templates.ReadWrite");
            Reply reply = run.send(token, "GET", TABS + "shared", "");
            long changes = reply.body().path("version").asLong() - 1;
            if (changes < acknowledged.size() || changes > acknowledged.size() + unsure.size()) {
                run.violated(acknowledged.size() + " changes were acknowledged and " + unsure.size()
                        + " may have happened: " + reply);
            }
        }
    }

    /** A template in the model of its owner. */
    private static final class OwnedTemplate {
        private final String path;
        private final boolean isSessionTemplate;
        private boolean exists;
        private long version;
        private String text = "";
        private boolean isSure = true;
        private String requested = "";
        private long settledNanos = System.nanoTime();

        private OwnedTemplate(String path, boolean isSessionTemplate) {
            this.path = path;
            this.isSessionTemplate = isSessionTemplate;
        }
    }

    /** @param name a name that is unique among the administrators of the tenant */
    TemplateOwner(FaultRun run, SharedTemplate shared, String name) {
        this.run = run;
        this.shared = shared;
        token = run.token("tenant=" + shared.tenant + "&user=" + name + "&scope=Templates.ReadWrite");
        usedTab = name + "_used";
        for (int i = 0; i < 4; i++) {
            own.add(new OwnedTemplate(TABS + name + "_" + i, false));
        }
        own.add(new OwnedTemplate(TEMPLATES + name, true));
    }

    /** Creates, before any faults, the templates that the tenant's sessions and this owner's templates refer to. */
    void prepare() {
        require(run.send(token, "PUT", TABS + usedTab, tab("used"), "If-None-Match", "*"));
        // The first administrator of a tenant creates the shared template.
        for (String name : List.of("shared", "contoso_search")) {
            run.send(token, "PUT", TABS + name, tab("shared"), "If-None-Match", "*");
        }
        run.send(
                token,
                "PUT",
                TEMPLATES + "contoso_call",
                template("{customer}", "contoso_search"),
                "If-None-Match",
                "*");
    }

    private void require(Reply reply) {
        if (reply.status() != 201) {
            throw new AssertionError("A request without faults returned " + reply);
        }
    }

    private static String tab(String text) {
        return "{\"name\":\"Tab\",\"title\":\"%s\",\"pageType\":\"control\",\"parameters\":{\"controlName\":\"contoso_Control\"}}"
                .formatted(text);
    }

    private static String template(String title, String anchorTab) {
        return "{\"name\":\"Call\",\"type\":\"generic\",\"title\":\"%s\",\"communicationPanelMode\":\"docked\",\"anchorTab\":\"%s\"}"
                .formatted(title, anchorTab);
    }

    private String body(OwnedTemplate template) {
        return template.isSessionTemplate ? template(template.requested, usedTab) : tab(template.requested);
    }

    /** Performs one action of the administrator. */
    void act(SplittableRandom random) {
        if (random.nextInt(4) == 0) {
            changeShared();
            return;
        }
        OwnedTemplate template = own.get(random.nextInt(own.size()));
        if (template.settledNanos - System.nanoTime() > 0) {
            run.send(token, "GET", template.isSessionTemplate ? "/sessionTemplates" : "/applicationTabTemplates", "");
        } else if (!template.isSure) {
            verifyOutcome(template);
        } else if (!template.exists) {
            create(template);
        } else if (template.isSessionTemplate && random.nextInt(3) == 0) {
            deleteUsed();
        } else if (random.nextInt(3) == 0) {
            delete(template);
        } else {
            replace(template);
        }
    }

    /**
     * Marks the template for a later check if the request was slow or failed, because its write may still take effect.
     */
    private void note(OwnedTemplate template, Reply reply) {
        if (reply.isUnavailable()) {
            template.isSure = false;
        }
        if (reply.isUnavailable() || !reply.isPrompt()) {
            template.settledNanos = System.nanoTime() + FaultRun.AFTERMATH.toNanos();
        }
    }

    private void create(OwnedTemplate template) {
        template.requested = "text " + texts++;
        Reply reply = run.send(token, "PUT", template.path, body(template), "If-None-Match", "*");
        note(template, reply);
        if (reply.status() == 201) {
            // The version numbers of a name continue after its template was deleted.
            expect(template, reply, template.version + 1);
        } else if (!reply.isUnavailable()) {
            run.violated("Creating " + template.path + " returned " + reply);
        }
    }

    private void replace(OwnedTemplate template) {
        template.requested = "text " + texts++;
        Reply reply =
                run.send(token, "PUT", template.path, body(template), "If-Match", "W/\"" + template.version + "\"");
        note(template, reply);
        if (reply.status() == 200) {
            expect(template, reply, template.version + 1);
        } else if (!reply.isUnavailable()) {
            run.violated("Replacing " + template.path + " at version " + template.version + " returned " + reply);
        }
    }

    private void expect(OwnedTemplate template, Reply reply, long version) {
        template.exists = true;
        template.version = version;
        template.text = template.requested;
        if (reply.body().path("version").asLong() != version
                || !reply.text("title").equals(template.text)) {
            run.violated(template.path + " should be at version " + version + ": " + reply);
        }
    }

    private void delete(OwnedTemplate template) {
        template.requested = "";
        Reply reply = run.send(token, "DELETE", template.path, "", "If-Match", "W/\"" + template.version + "\"");
        note(template, reply);
        if (reply.status() == 204) {
            template.exists = false;
        } else if (!reply.isUnavailable()) {
            run.violated("Deleting " + template.path + " at version " + template.version + " returned " + reply);
        }
    }

    /** Checks that a tab used by a session template cannot be deleted. */
    private void deleteUsed() {
        Reply reply = run.send(token, "DELETE", TABS + usedTab, "", "If-Match", "*");
        if (!reply.isUnavailable() && !reply.isError(409, "templateInUse")) {
            run.violated("Deleting " + usedTab + ", which is in use, returned " + reply);
        }
    }

    /** Checks a template after a write with unknown outcome: it must have either the old or the requested content. */
    private void verifyOutcome(OwnedTemplate template) {
        Reply reply = run.send(token, "GET", template.path, "");
        if (reply.isUnavailable()) {
            return;
        }
        boolean exists = reply.status() == 200;
        boolean isUnchanged = template.exists == exists
                && (!exists
                        || (reply.text("title").equals(template.text)
                                && reply.body().path("version").asLong() == template.version));
        boolean isAsRequested = exists ? reply.text("title").equals(template.requested) : template.requested.isEmpty();
        if (!isUnchanged && !isAsRequested) {
            run.violated(template.path + " has neither the old nor the requested content (" + template.text + ", "
                    + template.requested + "): " + reply);
        }
        template.exists = exists;
        template.version = exists ? reply.body().path("version").asLong() : template.version;
        template.text = reply.text("title");
        template.isSure = true;
    }

    private void changeShared() {
        Reply read = run.send(token, "GET", TABS + "shared", "");
        if (read.status() != 200) {
            return;
        }
        long version = read.body().path("version").asLong();
        String change = token.hashCode() + " " + texts++;
        Reply reply = run.send(token, "PUT", TABS + "shared", tab(change), "If-Match", "W/\"" + version + "\"");
        if (reply.status() == 200) {
            long made = reply.body().path("version").asLong();
            if (made != version + 1 || !shared.acknowledged.add(made)) {
                run.violated("Version " + made + " of the shared template was acknowledged twice: " + reply);
            }
        } else if (reply.isUnavailable()) {
            shared.unsure.put(change, true);
        } else if (reply.status() == 412) {
            Reply now = run.send(token, "GET", TABS + "shared", "");
            if (now.status() == 200 && now.body().path("version").asLong() <= version) {
                run.violated(
                        "No administrator has changed the shared template since version " + version + ": " + reply);
            }
            if (now.text("title").equals(change)) {
                run.violated("An administrator's own change was reported as another administrator's: " + reply);
            }
        } else {
            run.violated("Changing the shared template returned " + reply);
        }
    }

    /** Checks the final state without faults: each template matches its owner's model. */
    void verify() {
        for (OwnedTemplate template : own) {
            if (!template.isSure) {
                verifyOutcome(template);
                continue;
            }
            Reply reply = run.send(token, "GET", template.path, "");
            boolean isSame = template.exists
                    ? reply.status() == 200
                            && reply.text("title").equals(template.text)
                            && reply.body().path("version").asLong() == template.version
                    : reply.status() == 404;
            if (!isSame) {
                run.violated(
                        template.path + " should be " + (template.exists ? template.text : "deleted") + ": " + reply);
            }
        }
    }
}
