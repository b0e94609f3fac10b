package io.switchboard.templates.dataverse;

import io.switchboard.template.PageType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Translates rows of {@code msdyn_applicationtabtemplate} with their parameters. Not thread-safe. */
final class DataverseTabTemplates {
    /** The N:N relationship between session templates and their additional tabs. */
    static final String SESSION_TEMPLATES = "msdyn_sessiontemplate_applicationtab";

    private static final String UNIQUE_NAME = DataverseColumns.UNIQUE_NAME;
    private static final String PARAMETERS = "msdyn_applicationtabtemplate_templateparameter";
    private static final String LOOKUP = "msdyn_applicationtabtemplateid";

    /** Unique names by GUID. */
    private final Map<String, String> names = new HashMap<>();
    /** Unique names of the application tab templates that were sent as rows. */
    private final Set<String> own = new HashSet<>();
    /** Rows of parameters by the GUID or unique name of their template. Those of translated templates are removed. */
    private final Map<String, List<DataverseRow>> parameters = new LinkedHashMap<>();

    /** Adds the row of an application tab template to the index. */
    void index(Map<String, @Nullable Object> columns) {
        indexName(columns);
        if (columns.get(UNIQUE_NAME) instanceof String uniqueName) {
            own.add(uniqueName);
        }
    }

    /** Adds the unique name of a row to the index by its GUID, if the row has both. */
    void indexName(@Nullable Object row) {
        if (row instanceof Map<?, ?> columns) {
            @Nullable String id = DataverseLookup.guid(columns.get(DataverseTable.APPLICATION_TAB_TEMPLATE.idColumn()));
            if (id != null && columns.get(UNIQUE_NAME) instanceof String name) {
                names.put(id, name);
            }
        }
    }

    /** Adds the row of a parameter to the index. */
    void indexParameter(Map<String, @Nullable Object> columns, DataverseRow row) {
        parameters
                .computeIfAbsent(DataverseLookup.parent(columns, LOOKUP, LOOKUP), absent -> new ArrayList<>())
                .add(row);
    }

    /** Returns the unique name for a GUID; null if it was not sent. */
    @Nullable
    String name(String id) {
        return names.get(id);
    }

    /**
     * Returns the unique name of an expanded tab. Its other columns are not imported, because its parameters are
     * missing.
     */
    @Nullable
    String name(DataverseRow tab) {
        @Nullable String name = tab.text(UNIQUE_NAME);
        if (name == null) {
            @Nullable String id = tab.id();
            return id == null ? null : names.get(id);
        }
        if (tab.any("msdyn_pagetype") != null && !own.contains(name)) {
            tab.noteRow("Only the name of an expanded tab is imported. Send the response with application tab templates"
                    + " too.");
        }
        return name;
    }

    Map<String, @Nullable Object> translate(DataverseRow row) {
        Map<String, @Nullable Object> template = DataverseColumns.template(row, "applicationTabTemplate");
        @Nullable Boolean pinned = row.flag("msdyn_pinned");
        template.put("canClose", !Boolean.TRUE.equals(pinned));
        List<DataverseRow> rows = parametersOf(row);
        if (row.any("msdyn_pagetype") == null) {
            row.violation("required", "msdyn_pagetype", "is required. Request this column too.");
            return template;
        }
        @Nullable String text = row.option("msdyn_pagetype", DataverseOption.PAGE_TYPE);
        @Nullable PageType pageType = text == null ? null : PageType.BY_TEXT.get(text);
        if (pageType == null) {
            return template;
        }
        template.put("pageType", text);
        template.put("parameters", DataverseParameters.of(row, pageType, rows));
        String reverse =
                "Session templates refer to tabs, not the reverse. Request session templates with $expand, or export"
                        + " them too.";
        row.noteUnlessEmpty(SESSION_TEMPLATES, reverse);
        row.noteUnlessEmpty("msdyn_applicationtabtemplate_sessiontemplate_anchortab", reverse);
        return template;
    }

    /** Returns the expanded rows and the separate rows, each once. */
    private List<DataverseRow> parametersOf(DataverseRow tab) {
        List<DataverseRow> all = new ArrayList<>(tab.expandedAll(PARAMETERS, DataverseTable.TEMPLATE_PARAMETER));
        Set<String> ids = new HashSet<>();
        for (DataverseRow row : all) {
            @Nullable String id = row.id();
            if (id != null) {
                ids.add(id);
            }
        }
        addOwn(tab.id(), ids, all);
        addOwn(tab.text(UNIQUE_NAME), ids, all);
        return all;
    }

    private void addOwn(@Nullable String tab, Set<String> ids, List<DataverseRow> all) {
        @Nullable List<DataverseRow> rows = tab == null ? null : parameters.remove(tab);
        if (rows == null) {
            return;
        }
        for (DataverseRow row : rows) {
            @Nullable String id = row.id();
            if (id == null || ids.add(id)) {
                all.add(row);
            }
        }
    }

    /** Adds notes for parameters of application tab templates that were not sent. */
    void noteUnused() {
        for (List<DataverseRow> rows : parameters.values()) {
            for (DataverseRow row : rows) {
                row.noteRow("The parameter's application tab template is not in this import. Send both together.");
            }
        }
    }
}
