package io.switchboard.session.resolve;

import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.recordsource.RecordSource;
import io.switchboard.recordsource.RecordSources;
import io.switchboard.session.Rendering;
import io.switchboard.session.Session;
import io.switchboard.session.Tab;
import io.switchboard.slug.ResolvedText;
import io.switchboard.slug.SlugText;
import io.switchboard.slug.TextResolver;
import io.switchboard.template.ApplicationTabTemplate;
import io.switchboard.text.InputLimits;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Resolves texts of an open session: further tabs, the title again, a caller's text. Slugs get their values from the
 * request, then from the session's context, then from the template's defaults. One instance serves one request. Not
 * thread-safe.
 */
public final class OpenSessionResolver {
    /**
     * The most characters of all values in a caller's text. A long value that ten thousand slugs use would not fit into
     * memory.
     */
    private static final int LONGEST_VALUES = 262_144;

    private static final SlugText.NoValue TOO_LONG =
            new SlugText.NoValue("the values exceed " + LONGEST_VALUES + " characters in total");

    /** The most unused title parameters in the warnings. */
    private static final int MAXIMUM_UNUSED = 20;

    private final Session session;
    private final RecordSource records;

    /** @param records the record source of the session's tenant, from {@link RecordSources#of} */
    public OpenSessionResolver(Session session, RecordSource records) {
        this.session = session;
        this.records = records;
    }

    /**
     * Resolves a further tab. All values of the caller are for this tab, so that they can identify the page and contain
     * a {@code url} on the template's own host. The context provides values for slugs, but not for parameters.
     * Attributes of the anchor's record that were not read before are read now.
     *
     * @param requestHash the hash of the request that creates the tab; null without an {@code Idempotency-Key}
     * @param violations receives the violations of the request
     */
    public ResolvedTab tab(
            ApplicationTabTemplate template,
            TabInput input,
            String tabId,
            @Nullable String requestHash,
            Instant now,
            Violations violations) {
        RecordLookup lookup = RecordLookup.of(session.anchor(), records);
        return lookup.untilKnown(violations, found -> {
            OpenSessionPass pass = new OpenSessionPass(lookup, found);
            Map<String, Object> raw = new LinkedHashMap<>();
            readValues(template, input, raw, pass);
            Map<String, Object> own = new LinkedHashMap<>();
            for (var value : raw.entrySet()) {
                String target = input.member() + '.' + value.getKey();
                own.put(
                        value.getKey(),
                        input.form() == SessionInput.Form.CIF
                                ? pass.texts.callersValue(value.getValue(), pass.raw(raw), target)
                                : value.getValue());
            }
            Tab tab = new TabResolver(pass.texts, pass.values, pass.violations)
                    .resolve(
                            new TabResolver.TabSource(
                                    template, own, Map.of(), Map.of(), "", input.member(), null, false),
                            tabId,
                            requestHash,
                            now);
            return new ResolvedTab(tab, lookup.anchor(), pass.texts.warnings());
        });
    }

    /** Reads the values. CIF's values for one tab are under its template's name and take precedence over the others. */
    private static void readValues(
            ApplicationTabTemplate template, TabInput input, Map<String, Object> values, OpenSessionPass pass) {
        Map<String, Object> nested = new LinkedHashMap<>();
        for (var entry : input.values().entrySet()) {
            String target = input.member() + '.' + entry.getKey();
            if (ObjectReader.isScalar(entry.getValue())) {
                values.put(entry.getKey(), entry.getValue());
            } else if (input.form() != SessionInput.Form.CIF || !(entry.getValue() instanceof Map<?, ?> object)) {
                pass.violations.add("wrongType", target, target + " must be a string, number or boolean.");
            } else if (entry.getKey().equals(template.uniqueName())) {
                readNested(ObjectReader.members(object), target, nested, pass);
            } else {
                pass.texts.warn(
                        "unknownTab",
                        target,
                        target + " does not match the application tab template " + template.uniqueName()
                                + " of this tab. Its values were ignored.");
            }
        }
        values.putAll(nested);
    }

    private static void readNested(
            Map<String, @Nullable Object> members, String path, Map<String, Object> nested, OpenSessionPass pass) {
        for (var member : members.entrySet()) {
            @Nullable Object value = member.getValue();
            if (value == null) {
                continue;
            }
            if (ObjectReader.isScalar(value)) {
                nested.put(member.getKey(), value);
            } else {
                String target = path + '.' + member.getKey();
                pass.violations.add("wrongType", target, target + " must be a string, number or boolean.");
            }
        }
    }

    /**
     * Renders the template's title again, as CIF's {@code setSessionTitle} does. The values replace only slugs of the
     * title; the context does not change. Attributes of the anchor's record are read again.
     *
     * @param titleParameters texts, numbers and booleans by name; texts are resolved once, against raw values
     */
    public ResolvedTitle title(Map<String, Object> titleParameters) {
        RecordLookup lookup = RecordLookup.refreshing(session.anchor(), records);
        return lookup.untilKnown(new Violations(), found -> {
            OpenSessionPass pass = new OpenSessionPass(lookup, found);
            lookup.refresh();
            Rendering rendering = session.origin().rendering();
            Map<String, Object> own = new LinkedHashMap<>();
            for (var value : titleParameters.entrySet()) {
                own.put(
                        value.getKey(),
                        pass.texts.callersValue(
                                value.getValue(), pass.raw(titleParameters), "titleParameters." + value.getKey()));
            }
            Map<String, Object> named = new LinkedHashMap<>(session.context());
            named.putAll(own);
            String title = TitleResolver.resolve(
                    pass.texts,
                    rendering.title(),
                    rendering.fallbackTitles(),
                    pass.values.of(own),
                    named,
                    rendering.name());
            warnOfUnused(titleParameters, pass);
            if (lookup.usesEarlierValues()) {
                pass.texts.warn(
                        "unresolvedSlug",
                        "title",
                        "The anchor's record could not be refreshed; the title uses earlier values. Render the title"
                                + " again later.");
            }
            return new ResolvedTitle(
                    title, rendering.appliesTitleToAnchorTab(), lookup.anchor(), pass.texts.warnings());
        });
    }

    /** Warns of values that no slug of the title uses, because they have no effect. */
    private void warnOfUnused(Map<String, Object> titleParameters, OpenSessionPass pass) {
        Set<String> used = new HashSet<>(TitleResolver.FALLBACK_KEYS);
        @Nullable String title = session.origin().rendering().title();
        if (title != null) {
            SlugText.addKeys(title, true, used);
        }
        for (String fallback : session.origin().rendering().fallbackTitles()) {
            SlugText.addKeys(fallback, true, used);
        }
        for (Object value : titleParameters.values()) {
            if (value instanceof String text) {
                SlugText.addKeys(text, false, used);
            }
        }
        int unused = 0;
        for (String name : titleParameters.keySet()) {
            if (!used.contains(name) && ++unused <= MAXIMUM_UNUSED) {
                String target = "titleParameters." + InputLimits.excerpt(name);
                pass.texts.warn(
                        "unusedParameter",
                        target,
                        target
                                + " was not used, because no slug of the session's title has this name. Send title to"
                                + " set the title itself.");
            }
        }
    }

    /** Resolves a caller's text with the session's values. Attributes of the anchor's record are not read again. */
    public ResolvedText text(String text) {
        OpenSessionPass pass =
                new OpenSessionPass(RecordLookup.of(session.anchor(), RecordSource.NONE), new Violations());
        SlugText.Source known = pass.values.of(Map.of());
        int[] left = {LONGEST_VALUES};
        String value = pass.texts.resolve(
                text,
                key -> {
                    @Nullable Object found = SlugText.isQuery(key) ? null : known.value(key);
                    if (found == null || found instanceof SlugText.NoValue) {
                        return found;
                    }
                    left[0] -= Math.min(left[0] + 1, ObjectReader.textOf(found).length());
                    return left[0] < 0 ? TOO_LONG : found;
                },
                SlugText.Encoding.TEXT,
                "text");
        return new ResolvedText(value, pass.texts.warnings());
    }

    /** One pass over all texts, with the attributes of records read so far. */
    private final class OpenSessionPass {
        private final Violations violations;
        private final TextResolver texts = new TextResolver();
        private final SlugValues values;

        OpenSessionPass(RecordLookup lookup, Violations violations) {
            this.violations = violations;
            this.values = new SlugValues(
                    session.context(), session.origin().rendering().defaults(), lookup);
        }

        /** Provides the values for callers' texts. */
        SlugText.Source raw(Map<String, Object> own) {
            return key -> TextResolver.first(
                    key, own, session.context(), session.origin().rendering().defaults());
        }
    }
}
