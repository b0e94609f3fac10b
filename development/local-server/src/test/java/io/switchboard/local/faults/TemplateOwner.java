package io.switchboard.local.faults;

import io.switchboard.local.faults.FaultRun.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An administrator of a tenant, who changes templates nobody else changes, and one that all of the tenant's administrators change.
 * Not thread-safe; several of one tenant share only {@link Shared}.
 */
final class TemplateOwner {
    private static final String TABS = "/applicationTabTemplates/";
    private static final String TEMPLATES = "/sessionTemplates/";
    private final FaultRun run;
    private final Shared shared;
    private final String token;
    private final List<Owned> own = new ArrayList<>();
    private final String usedTab;
    private int texts;

    /** The template all administrators of a tenant change, each from the version it has read. */
    static final class Shared {
        private final FaultRun run;
        private final String tenant;
        private final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
        private final Map<String, Boolean> unsure = new ConcurrentHashMap<>();

        Shared(FaultRun run, String tenant) {
            this.run = run;
            this.tenant = tenant;
        }

        /** No acknowledged change is lost, none is made twice: each made the template one version older. */
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

    /** One template, as its owner knows it. */
    private static final class Owned {
        private final String path;
        private final boolean isSessionTemplate;
        private boolean isThere;
        private long version;
        private String text = "";
        private boolean isSure = true;
        private String wanted = "";
        private long settledNanos = System.nanoTime();

        private Owned(String path, boolean isSessionTemplate) {
            this.path = path;
            this.isSessionTemplate = isSessionTemplate;
        }
    }

    /** @param name no other administrator's of the tenant */
    TemplateOwner(FaultRun run, Shared shared, String name) {
        this.run = run;
        this.shared = shared;
        token = run.token("tenant=" + shared.tenant + "&user=" + name + "&scope=Templates.ReadWrite");
        usedTab = name + "_used";
        for (int i = 0; i < 4; i++) {
            own.add(new Owned(TABS + name + "_" + i, false));
        }
        own.add(new Owned(TEMPLATES + name, true));
    }

    /** Before anything fails: what the tenant's sessions and this owner's templates refer to. */
    void prepare() {
        require(run.send(token, "PUT", TABS + usedTab, tab("used"), "If-None-Match", "*"));
        // The first of a tenant's administrators makes what they share.
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
            throw new AssertionError("Without faults: " + reply);
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

    private String body(Owned template) {
        return template.isSessionTemplate ? template(template.wanted, usedTab) : tab(template.wanted);
    }

    /** One thing the administrator does. */
    void act(SplittableRandom random) {
        if (random.nextInt(4) == 0) {
            changeShared();
            return;
        }
        Owned template = own.get(random.nextInt(own.size()));
        if (template.settledNanos - System.nanoTime() > 0) {
            run.send(token, "GET", template.isSessionTemplate ? "/sessionTemplates" : "/applicationTabTemplates", "");
        } else if (!template.isSure) {
            learn(template);
        } else if (!template.isThere) {
            create(template);
        } else if (template.isSessionTemplate && random.nextInt(3) == 0) {
            deleteUsed();
        } else if (random.nextInt(3) == 0) {
            delete(template);
        } else {
            replace(template);
        }
    }

    /** What was answered late, or not at all, may still go on: it is looked at again when that is over. */
    private void note(Owned template, Reply reply) {
        if (reply.isUnavailable()) {
            template.isSure = false;
        }
        if (reply.isUnavailable() || !reply.isPrompt()) {
            template.settledNanos = System.nanoTime() + FaultRun.AFTERMATH.toNanos();
        }
    }

    private void create(Owned template) {
        template.wanted = "text " + texts++;
        Reply reply = run.send(token, "PUT", template.path, body(template), "If-None-Match", "*");
        note(template, reply);
        if (reply.status() == 201) {
            // A name's versions are counted on where its template was deleted.
            expect(template, reply, template.version + 1);
        } else if (!reply.isUnavailable()) {
            run.violated("Creating " + template.path + " was answered " + reply);
        }
    }

    private void replace(Owned template) {
        template.wanted = "text " + texts++;
        Reply reply =
                run.send(token, "PUT", template.path, body(template), "If-Match", "W/\"" + template.version + "\"");
        note(template, reply);
        if (reply.status() == 200) {
            expect(template, reply, template.version + 1);
        } else if (!reply.isUnavailable()) {
            run.violated("Replacing " + template.path + " at version " + template.version + " was answered " + reply);
        }
    }

    private void expect(Owned template, Reply reply, long version) {
        template.isThere = true;
        template.version = version;
        template.text = template.wanted;
        if (reply.body().path("version").asLong() != version
                || !reply.text("title").equals(template.text)) {
            run.violated(template.path + " should be at version " + version + ": " + reply);
        }
    }

    private void delete(Owned template) {
        template.wanted = "";
        Reply reply = run.send(token, "DELETE", template.path, "", "If-Match", "W/\"" + template.version + "\"");
        note(template, reply);
        if (reply.status() == 204) {
            template.isThere = false;
        } else if (!reply.isUnavailable()) {
            run.violated("Deleting " + template.path + " at version " + template.version + " was answered " + reply);
        }
    }

    /** The tab a session template opens stays. */
    private void deleteUsed() {
        Reply reply = run.send(token, "DELETE", TABS + usedTab, "", "If-Match", "*");
        if (!reply.isUnavailable() && !reply.isError(409, "templateInUse")) {
            run.violated("Deleting " + usedTab + ", which is used, was answered " + reply);
        }
    }

    /** Looks at a template of unknown outcome: it must be as it was, or as it was wanted. */
    private void learn(Owned template) {
        Reply reply = run.send(token, "GET", template.path, "");
        if (reply.isUnavailable()) {
            return;
        }
        boolean isThere = reply.status() == 200;
        boolean isAsBefore = template.isThere == isThere
                && (!isThere
                        || (reply.text("title").equals(template.text)
                                && reply.body().path("version").asLong() == template.version));
        boolean isAsWanted = isThere ? reply.text("title").equals(template.wanted) : template.wanted.isEmpty();
        if (!isAsBefore && !isAsWanted) {
            run.violated(template.path + " is neither as it was nor as it was wanted (" + template.text + ", "
                    + template.wanted + "): " + reply);
        }
        template.isThere = isThere;
        template.version = isThere ? reply.body().path("version").asLong() : template.version;
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
                run.violated("Version " + made + " of what is shared was acknowledged twice: " + reply);
            }
        } else if (reply.isUnavailable()) {
            shared.unsure.put(change, true);
        } else if (reply.status() == 412) {
            Reply now = run.send(token, "GET", TABS + "shared", "");
            if (now.status() == 200 && now.body().path("version").asLong() <= version) {
                run.violated("Nobody has changed what is shared since version " + version + ": " + reply);
            }
            if (now.text("title").equals(change)) {
                run.violated("An own change was told to be somebody else's: " + reply);
            }
        } else {
            run.violated("Changing what is shared was answered " + reply);
        }
    }

    /** When nothing fails any more: each template is as its owner was told. */
    void verify() {
        for (Owned template : own) {
            if (!template.isSure) {
                learn(template);
                continue;
            }
            Reply reply = run.send(token, "GET", template.path, "");
            boolean isSame = template.isThere
                    ? reply.status() == 200
                            && reply.text("title").equals(template.text)
                            && reply.body().path("version").asLong() == template.version
                    : reply.status() == 404;
            if (!isSame) {
                run.violated(
                        template.path + " should be " + (template.isThere ? template.text : "deleted") + ": " + reply);
            }
        }
    }
}
