package io.switchboard.templates;

import static io.switchboard.templates.TemplateRequests.tenant;

import io.switchboard.http.ErrorCode;
import io.switchboard.http.Listing;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.json.Violation;
import io.switchboard.json.Violations;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.UniqueName;
import io.switchboard.template.builtin.BuiltInTemplates;
import io.switchboard.template.json.TemplateJson;
import io.switchboard.template.store.TemplateFilter;
import io.switchboard.template.store.TemplateReader;
import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Exports the templates of a tenant: {@code GET /templates/export}. Thread-safe. */
final class TemplateExport {
    private static final String TEMPLATES = "templates";
    private static final int MAXIMUM_CHOSEN = 50;

    private final TemplateReader reader;
    private final BuiltInTemplates builtIn;

    TemplateExport(TemplateReader reader, BuiltInTemplates builtIn) {
        this.reader = reader;
        this.builtIn = builtIn;
    }

    /**
     * Returns all stored templates of the tenant, or the chosen ones with their references. Referenced templates come
     * first.
     */
    Response export(Request request) {
        String tenant = tenant(request);
        Listing listing = Listing.of(request, tenant, Set.of(TEMPLATES), TemplateExport::isPosition);
        @Nullable String chosen = listing.filter(TEMPLATES).orElse(null);
        @Nullable String after = listing.page().after();
        int size = listing.page().size();
        return listing.response(
                chosen == null ? all(tenant, after, size, request) : chosen(tenant, chosen, after, size, request),
                stored -> toJson(stored.template()),
                stored -> position(stored.template()));
    }

    /** Returns a template in the form that an import accepts: its kind and its writable members. */
    static Map<String, @Nullable Object> toJson(Template template) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("kind", template.kind().text());
        json.putAll(TemplateJson.write(template));
        return json;
    }

    /**
     * The position of the last template of a page: the digit of its kind in dependency order, then the key of its name.
     */
    private static String position(Template template) {
        return TemplateKind.IN_DEPENDENCY_ORDER.indexOf(template.kind()) + UniqueName.key(template.uniqueName());
    }

    /** A digit without a key is the position after all templates of the preceding kinds. */
    private static boolean isPosition(String position) {
        int turn = position.isEmpty() ? -1 : position.charAt(0) - '0';
        return turn >= 0
                && turn < TemplateKind.IN_DEPENDENCY_ORDER.size()
                && (position.length() == 1 || UniqueName.isKey(position.substring(1)));
    }

    private Page<Stored<Template>> all(String tenant, @Nullable String after, int size, Request request) {
        List<Stored<Template>> found = new ArrayList<>();
        int turn = after == null ? 0 : Character.digit(after.charAt(0), 10);
        @Nullable String afterName = after == null ? null : after.substring(1);
        for (; turn < TemplateKind.IN_DEPENDENCY_ORDER.size(); turn++) {
            var page = reader.list(
                    tenant,
                    TemplateKind.IN_DEPENDENCY_ORDER.get(turn),
                    TemplateFilter.ALL,
                    new PageRequest(afterName, size - found.size()),
                    request.now());
            found.addAll(page.items());
            if (page.next() != null) {
                return new Page<>(found, turn + page.next());
            }
            if (found.size() == size && turn + 1 < TemplateKind.IN_DEPENDENCY_ORDER.size()) {
                return new Page<>(found, Integer.toString(turn + 1));
            }
            afterName = null;
        }
        return new Page<>(found, null);
    }

    private Page<Stored<Template>> chosen(
            String tenant, String chosen, @Nullable String after, int size, Request request) {
        Map<TemplateKind, Set<String>> namesByKind = parseNames(chosen);
        Map<String, Stored<Template>> found = new TreeMap<>();
        List<Violation> missing = new ArrayList<>();
        // In reverse dependency order, so that the references to a kind are complete before the kind is read.
        for (TemplateKind kind : TemplateKind.IN_DEPENDENCY_ORDER.reversed()) {
            Set<String> names = namesByKind.getOrDefault(kind, Set.of());
            Map<String, Stored<Template>> stored = read(tenant, kind, names, request);
            for (String name : names) {
                @Nullable Stored<Template> template = stored.get(name);
                if (template == null) {
                    missing.add(new Violation(
                            "templateNotFound",
                            "The " + kind.words() + " " + InputLimits.excerpt(name)
                                    + " does not exist. Remove it from templates; unique names are case-sensitive.",
                            TEMPLATES));
                    continue;
                }
                found.put(position(template.template()), template);
                @Nullable TemplateKind referred = kind.referred();
                for (String reference : template.template().references()) {
                    if (referred != null && builtIn.find(referred, reference) == null) {
                        namesByKind
                                .computeIfAbsent(referred, any -> new LinkedHashSet<>())
                                .add(reference);
                    }
                }
            }
        }
        if (!missing.isEmpty()) {
            throw Refusal.of(ErrorCode.TEMPLATE_NOT_FOUND, missing.getFirst().message(), missing);
        }
        List<Stored<Template>> items = new ArrayList<>();
        for (var entry : found.entrySet()) {
            if (after != null && entry.getKey().compareTo(after) <= 0) {
                continue;
            }
            if (items.size() == size) {
                return new Page<>(items, position(items.getLast().template()));
            }
            items.add(entry.getValue());
        }
        return new Page<>(items, null);
    }

    private Map<String, Stored<Template>> read(String tenant, TemplateKind kind, Set<String> names, Request request) {
        Map<String, Stored<Template>> found = new LinkedHashMap<>();
        for (String name : names) {
            @Nullable Stored<Template> shipped = builtIn.find(kind, name);
            if (shipped != null) {
                found.put(name, shipped);
            }
        }
        for (Stored<Template> stored : reader.readAll(tenant, kind, names, request.now())) {
            found.put(stored.template().uniqueName(), stored);
        }
        return found;
    }

    private static Map<TemplateKind, Set<String>> parseNames(String chosen) {
        Map<TemplateKind, Set<String>> namesByKind = new EnumMap<>(TemplateKind.class);
        Violations violations = new Violations();
        String[] parts = chosen.split(",", -1);
        if (parts.length > MAXIMUM_CHOSEN) {
            violations.add(
                    "tooMany",
                    TEMPLATES,
                    TEMPLATES + " has " + parts.length + " entries; at most " + MAXIMUM_CHOSEN
                            + " are allowed. Omit the parameter to export all templates.");
        }
        for (String part : parts.length > MAXIMUM_CHOSEN ? new String[0] : parts) {
            int slash = part.indexOf('/');
            @Nullable
            TemplateKind kind = slash < 0
                    ? null
                    : TemplateKind.BY_TEXT.get(part.substring(0, slash).strip());
            String name = part.substring(slash + 1).strip();
            if (kind == null || !UniqueName.isValid(name)) {
                violations.add(
                        "invalidValue",
                        TEMPLATES,
                        TEMPLATES + " must be a comma-separated list of kind/uniqueName pairs, such as"
                                + " sessionTemplate/contoso_call. The kind must be one of",
                        TemplateKind.BY_TEXT.keySet());
            } else {
                namesByKind.computeIfAbsent(kind, any -> new LinkedHashSet<>()).add(name);
            }
        }
        Refusal.ifAny(violations);
        return namesByKind;
    }
}
