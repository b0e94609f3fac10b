package io.switchboard.templates;

import static io.switchboard.templates.TemplateRequests.tenant;

import io.switchboard.http.ObjectReader;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.http.Violation;
import io.switchboard.http.Violations;
import io.switchboard.template.AppProfile;
import io.switchboard.template.PutOutcome;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateCatalog;
import io.switchboard.template.TemplateJson;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.TemplateStore;
import io.switchboard.template.UniqueName;
import io.switchboard.templates.dataverse.DataverseRows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Templates on their way into a tenant: {@code POST /templates/import}. Safe to repeat: what is there already as it is wanted stays
 * as it is, without another version. Thread-safe.
 */
record TemplateImport(TemplateStore store, TemplateCatalog catalog) {
    /** Of a body, in bytes ({@code API.md} §3). */
    private static final int MAXIMUM_BODY = 4_194_304;
    /** So that all of them can be looked up in the time one request has. */
    private static final int MAXIMUM_TEMPLATES = 2_000;

    private static final String DRY_RUN = "dryRun";
    private static final String VALUE = "value";
    private static final String KIND = "kind";
    private static final List<String> STATUSES =
            List.of("created", "changed", "unchanged", "conflict", "builtInSkipped", "pending");

    /** What becomes of one template, as it came. */
    private record Entry(Template template, String target) {}

    Response read(Request request) {
        boolean isDryRun = request.flag(DRY_RUN, Set.of(DRY_RUN));
        Map<String, @Nullable Object> body = request.bodyObject(MAXIMUM_BODY);
        Violations violations = new Violations();
        List<Violation> notCarried = new ArrayList<>();
        List<Entry> entries = entries(body, violations, notCarried);
        violations.refuseAny();
        Map<String, PutOutcome> outcomes = put(request, entries, isDryRun);
        List<Map<String, @Nullable Object>> results = new ArrayList<>();
        List<Violation> conflicts = new ArrayList<>();
        Map<String, Integer> counts = new LinkedHashMap<>();
        STATUSES.forEach(status -> counts.put(status, 0));
        for (Entry entry : entries) {
            Map<String, @Nullable Object> result = result(entry, outcomes.get(key(entry.template)), conflicts);
            counts.merge(String.valueOf(result.get("status")), 1, Integer::sum);
            results.add(result);
        }
        if (!conflicts.isEmpty() && !isDryRun) {
            throw conflict(
                    conflicts, entries.size(), counts.getOrDefault("created", 0) + counts.getOrDefault("changed", 0));
        }
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put(DRY_RUN, isDryRun);
        answer.put("complete", counts.getOrDefault("pending", 0) == 0 && conflicts.isEmpty());
        answer.put("counts", counts);
        answer.put(VALUE, results);
        answer.put("notCarried", notCarried.stream().map(TemplateImport::toJson).toList());
        return Response.ok(answer);
    }

    private List<Entry> entries(Map<String, @Nullable Object> body, Violations violations, List<Violation> notCarried) {
        if (DataverseRows.isDataverse(body)) {
            DataverseRows.Translation translation = DataverseRows.translate(body, violations);
            int rows = translation.templates().size();
            if (rows > MAXIMUM_TEMPLATES) {
                violations.add(
                        "tooMany",
                        VALUE,
                        VALUE + " has " + rows + " templates; at most " + MAXIMUM_TEMPLATES + " are allowed.");
            }
            notCarried.addAll(translation.notCarried());
            List<Entry> entries = new ArrayList<>();
            for (int i = 0; i < translation.templates().size(); i++) {
                add(
                        entries,
                        new ObjectReader(
                                translation.templates().get(i),
                                translation.targets().get(i),
                                violations));
            }
            refuseDoubles(entries, violations);
            return entries;
        }
        ObjectReader reader = new ObjectReader(body, "", violations);
        if (reader.any(VALUE) == null) {
            reader.violation("required", VALUE, "value is required: the array of templates that an export gives.");
        }
        List<Entry> entries = new ArrayList<>();
        reader.objects(VALUE, MAXIMUM_TEMPLATES, template -> {
            add(entries, template);
            return template;
        });
        reader.refuseUnknown();
        refuseDoubles(entries, violations);
        return entries;
    }

    private static void add(List<Entry> entries, ObjectReader reader) {
        @Nullable TemplateKind kind = reader.requiredOneOf(KIND, TemplateKind.BY_TEXT);
        if (kind != null) {
            entries.add(new Entry(TemplateJson.read(kind, reader), reader.target("")));
        }
    }

    private static void refuseDoubles(List<Entry> entries, Violations violations) {
        Map<String, String> targets = new HashMap<>();
        for (Entry entry : entries) {
            String name = entry.template.uniqueName();
            @Nullable String first = name.isEmpty() ? null : targets.putIfAbsent(key(entry.template), entry.target);
            if (first != null) {
                violations.add(
                        "duplicateValue",
                        entry.target + ".uniqueName",
                        "The " + entry.template.kind().words() + " " + name + " stands at " + first
                                + " too, perhaps in another case: import each once.");
            }
        }
    }

    /** What no two templates of a tenant have in common. */
    private static String key(Template template) {
        return template.kind().text() + "/" + UniqueName.key(template.uniqueName());
    }

    private Map<String, PutOutcome> put(Request request, List<Entry> entries, boolean isDryRun) {
        List<Template> wanted = new ArrayList<>();
        for (Entry entry : entries) {
            Template template = entry.template;
            if (catalog.builtIn().findReserved(template.kind(), template.uniqueName()) == null) {
                wanted.add(template);
            }
        }
        // The profile that ceases to be the default comes before the one that takes its place.
        wanted.sort(Comparator.comparingInt(
                        (Template template) -> TemplateKind.IN_DEPENDENCY_ORDER.indexOf(template.kind()))
                .thenComparing(template -> template instanceof AppProfile profile && profile.isDefault()));
        List<PutOutcome> outcomes = store.putAll(
                tenant(request), wanted, isDryRun, TemplateRequests.author(request), TemplateRequests.now(request));
        Map<String, PutOutcome> byTemplate = new HashMap<>();
        for (int i = 0; i < wanted.size(); i++) {
            byTemplate.put(key(wanted.get(i)), outcomes.get(i));
        }
        return byTemplate;
    }

    /** @param written how many were, before somebody else changed what the others rely on */
    private static Refusal conflict(List<Violation> conflicts, int all, int written) {
        return Refusal.conflict(
                "importConflict",
                conflicts.size() + " of " + all + " templates cannot be imported; error.details names each. "
                        + (written == 0 ? "Nothing" : "Only " + written + ", before others were changed meanwhile,")
                        + " was imported. Mend them and send all again; ?dryRun=true shows the whole plan.",
                conflicts);
    }

    /** @param outcome null for a template that is shipped */
    private static Map<String, @Nullable Object> result(
            Entry entry, @Nullable PutOutcome outcome, List<Violation> conflicts) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put(KIND, entry.template.kind().text());
        result.put("uniqueName", entry.template.uniqueName());
        result.put("target", entry.target);
        switch (outcome) {
            case null -> result.put("status", "builtInSkipped");
            case PutOutcome.Pending pending -> result.put("status", "pending");
            case PutOutcome.Created created ->
                placed(result, "created", created.stored().version());
            case PutOutcome.Replaced replaced ->
                placed(result, "changed", replaced.stored().version());
            case PutOutcome.Unchanged unchanged ->
                placed(result, "unchanged", unchanged.stored().version());
            default -> {
                Refusal refusal = TemplateRefusals.of(entry.template, outcome);
                result.put("status", "conflict");
                result.put("code", refusal.code());
                result.put("message", refusal.getMessage());
                conflicts.add(new Violation(refusal.code(), refusal.getMessage(), entry.target));
            }
        }
        return result;
    }

    private static void placed(Map<String, @Nullable Object> result, String status, long version) {
        result.put("status", status);
        result.put("version", version);
    }

    private static Map<String, Object> toJson(Violation violation) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("target", violation.target());
        json.put("code", violation.code());
        json.put("message", violation.message());
        return json;
    }
}
