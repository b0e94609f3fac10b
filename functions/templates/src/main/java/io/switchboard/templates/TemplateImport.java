package io.switchboard.templates;

import static io.switchboard.templates.TemplateRequests.tenant;

import io.switchboard.http.ErrorCode;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violation;
import io.switchboard.json.Violations;
import io.switchboard.template.AppProfile;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.UniqueName;
import io.switchboard.template.builtin.BuiltInTemplates;
import io.switchboard.template.json.TemplateJson;
import io.switchboard.template.store.ImportStore;
import io.switchboard.template.store.PutOutcome;
import io.switchboard.templates.dataverse.DataverseFile;
import io.switchboard.templates.dataverse.DataverseRows;
import io.switchboard.templates.dataverse.NotCarried;
import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Imports templates into a tenant: {@code POST /templates/import}. An import is idempotent: a template that already
 * exists with the same content stays as it is and gets no new version. Thread-safe.
 */
final class TemplateImport {
    /** The largest body, in bytes. */
    private static final int MAXIMUM_BODY = 4_194_304;
    /** Limited so that all templates can be read within the time of one request. */
    private static final int MAXIMUM_TEMPLATES = 2_000;

    /**
     * The templates in the response of a dry run, in bytes of JSON. The whole response stays below the limit of Lambda.
     */
    private static final int MAXIMUM_SHOWN = 2_097_152;

    private static final String JSON = "application/json";
    private static final List<String> XML = List.of("application/xml", "text/xml");
    private static final List<String> ZIP = List.of("application/zip", "application/x-zip-compressed");
    private static final String ANY = "application/octet-stream";
    private static final List<String> MEDIA_TYPES =
            List.of(JSON, "application/xml", "text/xml", "application/zip", "application/x-zip-compressed", ANY);

    private static final String DRY_RUN = "dryRun";
    private static final String VALUE = "value";
    private static final String KIND = "kind";
    private static final List<String> STATUSES =
            List.of("created", "changed", "unchanged", "conflict", "builtInSkipped", "pending");

    private final ImportStore store;
    private final BuiltInTemplates builtIn;

    TemplateImport(ImportStore store, BuiltInTemplates builtIn) {
        this.store = store;
        this.builtIn = builtIn;
    }

    /** A template of the body, with its position in the body. */
    private record SentTemplate(Template template, String target) {}

    Response importTemplates(Request request) {
        boolean isDryRun = request.flag(DRY_RUN, Set.of(DRY_RUN));
        Violations violations = new Violations();
        List<NotCarried> notCarried = new ArrayList<>();
        List<SentTemplate> sent = sent(request, violations, notCarried);
        Refusal.ifAny(violations);
        Map<String, PutOutcome> outcomes = put(request, sent, isDryRun);
        List<Map<String, @Nullable Object>> results = new ArrayList<>();
        List<Violation> conflicts = new ArrayList<>();
        Map<String, Integer> counts = new LinkedHashMap<>();
        STATUSES.forEach(status -> counts.put(status, 0));
        int left = isDryRun ? MAXIMUM_SHOWN : 0;
        int notShown = 0;
        for (SentTemplate each : sent) {
            Map<String, @Nullable Object> result = result(each, outcomes.get(key(each.template)), conflicts);
            counts.merge(String.valueOf(result.get("status")), 1, Integer::sum);
            if (isDryRun && !"builtInSkipped".equals(result.get("status"))) {
                Map<String, @Nullable Object> template = TemplateExport.toJson(each.template);
                int size = Json.size(template);
                if (size <= left) {
                    left -= size;
                    result.put("template", template);
                } else {
                    notShown++;
                }
            }
            results.add(result);
        }
        if (!conflicts.isEmpty() && !isDryRun) {
            throw conflict(
                    conflicts, sent.size(), counts.getOrDefault("created", 0) + counts.getOrDefault("changed", 0));
        }
        Map<String, @Nullable Object> response = new LinkedHashMap<>();
        response.put(DRY_RUN, isDryRun);
        response.put("complete", counts.getOrDefault("pending", 0) == 0 && conflicts.isEmpty());
        response.put("counts", counts);
        response.put(VALUE, results);
        if (isDryRun) {
            response.put("templatesNotShown", notShown);
        }
        response.put(
                "notCarried", notCarried.stream().map(TemplateImport::toJson).toList());
        return Response.ok(response);
    }

    private List<SentTemplate> sent(Request request, Violations violations, List<NotCarried> notCarried) {
        String mediaType = request.mediaType();
        if (mediaType.equals(JSON)) {
            Map<String, @Nullable Object> body = request.bodyObject(MAXIMUM_BODY);
            return DataverseRows.isDataverse(body)
                    ? translated(DataverseRows.translate(body, violations), violations, notCarried)
                    : exported(body, violations);
        }
        byte[] body = request.body(MEDIA_TYPES, MAXIMUM_BODY);
        boolean isAny = mediaType.equals(ANY);
        if (ZIP.contains(mediaType) || (isAny && DataverseFile.isZip(body))) {
            return translated(DataverseFile.translateZip(body, violations), violations, notCarried);
        }
        if (XML.contains(mediaType) || (isAny && DataverseFile.isXml(body))) {
            return translated(DataverseFile.translateXml(body, violations), violations, notCarried);
        }
        throw Refusal.of(
                ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                "The body is neither a zip archive nor an XML document. Send " + String.join(", ", MEDIA_TYPES)
                        + " with content of that type.");
    }

    private static List<SentTemplate> translated(
            DataverseRows.Translation translation, Violations violations, List<NotCarried> notCarried) {
        int rows = translation.templates().size();
        if (rows > MAXIMUM_TEMPLATES) {
            violations.add(
                    "tooMany",
                    VALUE,
                    VALUE + " has " + rows + " templates; at most " + MAXIMUM_TEMPLATES
                            + " are allowed. Split the import into several requests.");
        }
        notCarried.addAll(translation.notCarried());
        List<SentTemplate> sent = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            add(
                    sent,
                    new ObjectReader(
                            translation.templates().get(i),
                            translation.targets().get(i),
                            violations));
        }
        rejectDuplicates(sent, violations);
        return sent;
    }

    private static List<SentTemplate> exported(Map<String, @Nullable Object> body, Violations violations) {
        ObjectReader reader = new ObjectReader(body, "", violations);
        if (reader.any(VALUE) == null) {
            reader.violation(
                    "required", VALUE, "value is required. Send the array of templates that an export returns.");
        }
        List<SentTemplate> sent = new ArrayList<>();
        reader.objects(VALUE, MAXIMUM_TEMPLATES, template -> {
            add(sent, template);
            return template;
        });
        reader.rejectUnknown();
        rejectDuplicates(sent, violations);
        return sent;
    }

    private static void add(List<SentTemplate> sent, ObjectReader reader) {
        @Nullable TemplateKind kind = reader.requiredOneOf(KIND, TemplateKind.BY_TEXT);
        if (kind != null) {
            sent.add(new SentTemplate(TemplateJson.read(kind, reader), reader.target("")));
        }
    }

    private static void rejectDuplicates(List<SentTemplate> sent, Violations violations) {
        Map<String, String> targets = new HashMap<>();
        for (SentTemplate each : sent) {
            String name = each.template.uniqueName();
            @Nullable String first = name.isEmpty() ? null : targets.putIfAbsent(key(each.template), each.target);
            if (first != null) {
                violations.add(
                        "duplicateValue",
                        each.target + ".uniqueName",
                        "The " + each.template.kind().words() + " " + InputLimits.excerpt(name) + " also appears at "
                                + first + " (case-insensitive). Send each template once.");
            }
        }
    }

    /** The key of a template, which is unique in its tenant. */
    private static String key(Template template) {
        return template.kind().text() + "/" + UniqueName.key(template.uniqueName());
    }

    private Map<String, PutOutcome> put(Request request, List<SentTemplate> sent, boolean isDryRun) {
        List<Template> writable = new ArrayList<>();
        for (SentTemplate each : sent) {
            Template template = each.template;
            if (builtIn.findReserved(template.kind(), template.uniqueName()) == null) {
                writable.add(template);
            }
        }
        // The profile that stops being the default is written before the profile that becomes the default.
        writable.sort(Comparator.comparingInt(
                        (Template template) -> TemplateKind.IN_DEPENDENCY_ORDER.indexOf(template.kind()))
                .thenComparing(template -> template instanceof AppProfile profile && profile.isDefault()));
        List<PutOutcome> outcomes = store.putAll(
                tenant(request), writable, isDryRun, TemplateRequests.author(request), TemplateRequests.now(request));
        Map<String, PutOutcome> byTemplate = new HashMap<>();
        for (int i = 0; i < writable.size(); i++) {
            byTemplate.put(key(writable.get(i)), outcomes.get(i));
        }
        return byTemplate;
    }

    /** @param written the number of templates that were written before another request changed their references */
    private static Refusal conflict(List<Violation> conflicts, int all, int written) {
        return Refusal.of(
                ErrorCode.IMPORT_CONFLICT,
                conflicts.size() + " of " + all + " templates cannot be imported; error.details lists each. "
                        + (written == 0
                                ? "No template was imported."
                                : "Templates imported before a concurrent change: " + written + ".")
                        + " Fix the listed templates and send all again; ?dryRun=true returns the whole plan.",
                conflicts);
    }

    /** @param outcome null for a built-in template */
    private static Map<String, @Nullable Object> result(
            SentTemplate each, @Nullable PutOutcome outcome, List<Violation> conflicts) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put(KIND, each.template.kind().text());
        result.put("uniqueName", each.template.uniqueName());
        result.put("target", each.target);
        switch (outcome) {
            case null -> result.put("status", "builtInSkipped");
            case PutOutcome.Pending pending -> result.put("status", "pending");
            case PutOutcome.Created created ->
                placed(result, "created", created.stored().version());
            case PutOutcome.Replaced replaced ->
                placed(result, "changed", replaced.stored().version());
            case PutOutcome.Unchanged unchanged ->
                placed(result, "unchanged", unchanged.stored().version());
            case PutOutcome.Replayed replayed ->
                throw new IllegalStateException("An import has no idempotency key: " + replayed);
            case PutOutcome.Rejected rejected -> {
                Refusal refusal = TemplateRefusals.of(each.template, rejected);
                result.put("status", "conflict");
                result.put("code", refusal.code());
                result.put("message", refusal.getMessage());
                conflicts.add(new Violation(refusal.code(), refusal.getMessage(), each.target));
            }
        }
        return result;
    }

    private static void placed(Map<String, @Nullable Object> result, String status, long version) {
        result.put("status", status);
        result.put("version", version);
    }

    private static Map<String, Object> toJson(NotCarried notCarried) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("target", notCarried.target());
        json.put("code", "notCarried");
        json.put("message", notCarried.message());
        json.put("count", notCarried.count());
        json.put("rows", notCarried.rows());
        return json;
    }
}
