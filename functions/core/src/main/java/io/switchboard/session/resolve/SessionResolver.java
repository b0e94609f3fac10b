package io.switchboard.session.resolve;

import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.recordsource.RecordSource;
import io.switchboard.session.Anchor;
import io.switchboard.session.Tab;
import io.switchboard.slug.TextResolver;
import io.switchboard.template.ApplicationTabTemplate;
import io.switchboard.template.PageType;
import io.switchboard.template.ParameterDefinition;
import io.switchboard.template.SessionTemplate;
import io.switchboard.template.SessionType;
import io.switchboard.template.Template;
import io.switchboard.text.InputLimits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Resolves a session template for a caller: parameters, slugs, title and tabs. One instance serves one create. Not
 * thread-safe.
 */
public final class SessionResolver {
    /** The most values for unknown tabs in the warnings, so that a response stays in proportion to its request. */
    private static final int MAXIMUM_UNKNOWN_TABS = 20;

    private static final String TEMPLATE_PARAMETERS = "templateParameters.";
    private static final String UNKNOWN_TAB = "unknownTab";

    private final SessionTemplate template;
    private final List<ApplicationTabTemplate> tabTemplates;
    private final SessionInput input;
    private final RecordSource records;

    /**
     * @param tabTemplates the template's application tab templates; that of the anchor tab, if any, comes first
     * @param records the record source, for slugs that need a record
     */
    public SessionResolver(
            SessionTemplate template,
            List<ApplicationTabTemplate> tabTemplates,
            SessionInput input,
            RecordSource records) {
        this.template = template;
        this.tabTemplates = tabTemplates;
        this.input = input;
        this.records = records;
    }

    /**
     * Resolves the session.
     *
     * @param tabIds provides the id of each new tab
     * @param violations receives the violations of the request
     */
    public ResolvedSession resolve(Supplier<String> tabIds, Instant now, Violations violations) {
        RecordLookup lookup = RecordLookup.of(anchor(), records);
        return lookup.untilKnown(violations, found -> new SessionPass(lookup, found).resolve(tabIds, now));
    }

    private Anchor anchor() {
        return new Anchor(pairText("entityName"), pairText("entityId"), input.anchorPairs());
    }

    private @Nullable String pairText(String name) {
        @Nullable Object value = input.anchorPairs().get(name);
        return value == null ? null : ObjectReader.textOf(value);
    }

    /**
     * Returns true if a value has the type. APM's context is a map of texts, so that numbers and booleans can be texts.
     */
    private boolean admits(ParameterDefinition.Type type, Object given) {
        return type.admits(given)
                || (input.form() == SessionInput.Form.APM && given instanceof String text && type.isSpelledBy(text));
    }

    /** One pass over all texts, with the attributes of records read so far. */
    private final class SessionPass {
        private final RecordLookup lookup;
        private final Violations violations;
        private final Map<String, Object> defaults = template.defaults();
        private final Map<String, Object> context = new LinkedHashMap<>();
        private final List<String> unknownTabs = new ArrayList<>();
        private final TextResolver texts = new TextResolver();
        private final SlugValues values;
        private final TabResolver tabResolver;

        SessionPass(RecordLookup lookup, Violations violations) {
            this.lookup = lookup;
            this.violations = violations;
            this.values = new SlugValues(context, defaults, lookup);
            this.tabResolver = new TabResolver(texts, values, violations);
        }

        ResolvedSession resolve(Supplier<String> tabIds, Instant now) {
            checkDefinitions();
            resolveContext();
            String title = TitleResolver.resolve(
                    texts, template.title(), template.fallbackTitles(), values.of(Map.of()), context, template.name());
            List<Tab> tabs = new ArrayList<>();
            if (template.type() == SessionType.ENTITY) {
                tabs.add(recordTab(title, tabIds.get(), now));
            }
            for (ApplicationTabTemplate tabTemplate : tabTemplates) {
                boolean isAnchor = tabs.isEmpty();
                tabs.add(tab(tabTemplate, isAnchor, tabs.size(), title, tabIds.get(), now));
            }
            warnOfUnknownTabs();
            return new ResolvedSession(title, context, lookup.anchor(), tabs, texts.warnings());
        }

        private void checkDefinitions() {
            for (ParameterDefinition definition : template.parameterDefinitions()) {
                @Nullable Object given = input.context().get(definition.name());
                boolean needsScalar = definition.isRequired() && definition.defaultValue() == null;
                if (given != null && !ObjectReader.isScalar(given) && !needsScalar) {
                    // An object or array stays in the context but is not the value of a slug.
                    continue;
                }
                String target = (input.form() == SessionInput.Form.APM ? "sessionContext." : TEMPLATE_PARAMETERS)
                        + definition.name();
                if (given == null && needsScalar) {
                    violations.add(
                            "parameterRequired",
                            target,
                            target + " is required by the session template " + template.uniqueName()
                                    + ". Send a value.");
                }
                if (given != null && !admits(definition.type(), given)) {
                    violations.add(
                            "parameterType",
                            target,
                            target + " must be a " + definition.type().text() + " for the session template "
                                    + template.uniqueName() + ".");
                }
            }
        }

        /** Resolves callers' texts once, against the raw values. Texts of APM and of unknown members are literal. */
        private void resolveContext() {
            for (var entry : input.context().entrySet()) {
                String name = entry.getKey();
                boolean isLiteral = input.form() != SessionInput.Form.CIF
                        || input.literals().contains(name);
                if (input.mayBePerTab(name, entry.getValue())) {
                    if (namesTab(name)) {
                        continue;
                    }
                    unknownTabs.add(name);
                    isLiteral = true;
                }
                context.put(
                        name,
                        isLiteral
                                ? entry.getValue()
                                : callersValue(entry.getValue(), Map.of(), TEMPLATE_PARAMETERS + name));
            }
        }

        private boolean namesTab(String name) {
            for (ApplicationTabTemplate tabTemplate : tabTemplates) {
                if (tabTemplate.uniqueName().equals(name)) {
                    return true;
                }
            }
            return false;
        }

        private Object callersValue(Object value, Map<String, Object> rawTab, String target) {
            return texts.callersValue(value, key -> TextResolver.first(key, rawTab, input.context(), defaults), target);
        }

        private Tab recordTab(String sessionTitle, String id, Instant now) {
            Map<String, Object> parameters = new LinkedHashMap<>();
            for (var pair : input.anchorPairs().entrySet()) {
                parameters.put(
                        pair.getKey(), tabResolver.limited(pair.getValue(), "tabs[0].parameters." + pair.getKey()));
            }
            @Nullable String recordTitle = pairText("title");
            @Nullable String entityName = pairText("entityName");
            String title = template.applySessionTitleToAnchorTab()
                    ? sessionTitle
                    : recordTitle != null && !recordTitle.isBlank()
                            ? texts.cut(recordTitle, Template.MAXIMUM_TITLE, "tabs[0].title")
                            : entityName == null
                                    ? sessionTitle
                                    : texts.cut(entityName, Template.MAXIMUM_TITLE, "tabs[0].title");
            return new Tab(
                    id, null, title, PageType.ENTITY_RECORD.text(), parameters, null, List.of(), false, 0, now, null);
        }

        private Tab tab(
                ApplicationTabTemplate tabTemplate,
                boolean isAnchor,
                int index,
                String sessionTitle,
                String id,
                Instant now) {
            String callersPath = TEMPLATE_PARAMETERS + tabTemplate.uniqueName();
            Map<String, Object> raw = perTab(tabTemplate.uniqueName(), callersPath);
            Map<String, Object> own = new LinkedHashMap<>();
            for (var entry : raw.entrySet()) {
                own.put(entry.getKey(), callersValue(entry.getValue(), raw, callersPath + "." + entry.getKey()));
            }
            return tabResolver.resolve(
                    new TabResolver.TabSource(
                            tabTemplate,
                            own,
                            isAnchor ? input.anchorPairs() : Map.of(),
                            context,
                            "tabs[" + index + "].",
                            callersPath,
                            template.applySessionTitleToAnchorTab() && isAnchor ? sessionTitle : null,
                            isAnchor),
                    id,
                    null,
                    now);
        }

        /**
         * Returns the caller's values for one tab, from an object or an array of pairs, which represents a JavaScript
         * Map.
         */
        private Map<String, Object> perTab(String name, String path) {
            Map<String, Object> values = new LinkedHashMap<>();
            @Nullable Object sent = input.context().get(name);
            if (sent == null || !input.mayBePerTab(name, sent)) {
                return values;
            }
            @Nullable
            Map<String, @Nullable Object> members = sent instanceof Map<?, ?> object
                    ? ObjectReader.members(object)
                    : sent instanceof List<?> array ? ObjectReader.pairs(array) : null;
            if (members == null) {
                new ObjectReader(Map.of(), path, violations)
                        .wrongType("", "an object or an array of [key, value] pairs", sent);
                return values;
            }
            ObjectReader reader = new ObjectReader(members, path, violations);
            for (var member : members.entrySet()) {
                @Nullable
                Object value = member.getValue() == null ? null : reader.scalar(member.getKey(), member.getValue());
                if (value != null) {
                    values.put(member.getKey(), value);
                }
            }
            return values;
        }

        private void warnOfUnknownTabs() {
            for (int i = 0; i < unknownTabs.size(); i++) {
                if (i == MAXIMUM_UNKNOWN_TABS) {
                    texts.warn(
                            UNKNOWN_TAB,
                            "templateParameters",
                            "templateParameters has " + (unknownTabs.size() - i)
                                    + " more objects or arrays that do not match a tab. They were added to the"
                                    + " context.");
                    return;
                }
                String target = TEMPLATE_PARAMETERS + InputLimits.excerpt(unknownTabs.get(i));
                texts.warn(
                        UNKNOWN_TAB,
                        target,
                        target + " does not match a tab of the session template " + template.uniqueName()
                                + ". It was added to the context. To set parameters of a tab, use the unique name of"
                                + " its application tab template.");
            }
        }
    }
}
