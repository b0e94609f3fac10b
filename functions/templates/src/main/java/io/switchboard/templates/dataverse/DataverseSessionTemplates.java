package io.switchboard.templates.dataverse;

import io.switchboard.template.SessionTemplate;
import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Translates rows of {@code msdyn_sessiontemplate}. Not thread-safe. */
final class DataverseSessionTemplates {
    private static final String UNIQUE_NAME = DataverseColumns.UNIQUE_NAME;
    private static final String ANCHOR = "msdyn_anchortab";
    private static final String ICON = "msdyn_sessionicon";
    private static final String FURTHER_TABS = DataverseTabTemplates.SESSION_TEMPLATES;
    private static final String SCRIPTS = "msdyn_msdyn_prod_agentscript_msdyn_sessiontemplat";

    private final DataverseTabTemplates tabs;
    private final DataverseProfiles profiles;
    /** Returns true if the rows come from an exported file. */
    private final boolean isFile;
    /** Names of web resources by GUID. */
    private final Map<String, String> webResourceNames = new HashMap<>();

    DataverseSessionTemplates(DataverseTabTemplates tabs, DataverseProfiles profiles, boolean isFile) {
        this.tabs = tabs;
        this.profiles = profiles;
        this.isFile = isFile;
    }

    /** Adds the rows to which the row of a session template refers to the index. */
    void index(Map<String, @Nullable Object> columns) {
        tabs.indexName(columns.get(ANCHOR));
        if (columns.get(FURTHER_TABS) instanceof List<?> further) {
            for (Object tab : further) {
                tabs.indexName(tab);
            }
        }
        profiles.indexSession(columns);
    }

    /** Adds the name of a web resource, which may be an icon, to the index. */
    void indexWebResource(Map<String, @Nullable Object> columns) {
        @Nullable String id = DataverseLookup.guid(columns.get(DataverseTable.WEB_RESOURCE.idColumn()));
        if (id != null && columns.get("name") instanceof String name) {
            webResourceNames.put(id, name);
        }
    }

    Map<String, @Nullable Object> translate(DataverseRow row) {
        Map<String, @Nullable Object> template = DataverseColumns.template(row, "sessionTemplate");
        @Nullable String type = type(row);
        if (type == null) {
            return template;
        }
        boolean isEntity = type.equals("entity");
        template.put("type", type);
        @Nullable String panel = row.option("msdyn_panelstate", DataverseOption.PANEL_STATE);
        if (isEntity) {
            row.carry("msdyn_entity", template, "entity");
            template.put("communicationPanelMode", "hidden");
            if (panel != null && !panel.equals("hidden")) {
                row.note("msdyn_panelstate", "The panel of an entity session is always hidden, not " + panel + ".");
            }
            noteOfGeneric(row);
        } else {
            row.noteUnlessEmpty(
                    "msdyn_entity", "A generic template does not have an entity. Change its type to entity.");
            template.put("communicationPanelMode", panel == null ? "docked" : panel);
            icon(row, template);
            anchor(row, template);
        }
        row.carry("msdyn_enabletitlesync", template, "applySessionTitleToAnchorTab");
        furtherTabs(row, template);
        String scripts = "Agent scripts are not imported. Put their content into a tab of the template.";
        row.noteUnlessEmpty("msdyn_enablebuildexpression", scripts);
        row.noteUnlessEmpty("msdyn_expressiondata", scripts);
        row.noteUnlessEmpty(SCRIPTS, scripts);
        if (profiles.hasMissingProfile(row)) {
            row.note(
                    DataverseProfiles.SESSION_TEMPLATES,
                    "An app profile that lists the template is not in this import. Send its row of"
                            + " msdyn_appconfiguration too,"
                            + " or list the template in sessionTemplates of the profile.");
        }
        return template;
    }

    private static @Nullable String type(DataverseRow row) {
        boolean isSent = row.any("msdyn_sessiontype") != null;
        @Nullable String type = row.option("msdyn_sessiontype", DataverseOption.SESSION_TYPE);
        // The legacy column of the type, from before it became a choice. It is false if it is not set any more.
        @Nullable Boolean legacy = row.flag("msdyn_type");
        if (isSent) {
            return type;
        }
        if (legacy != null) {
            return legacy ? "entity" : "generic";
        }
        row.violation("required", "msdyn_sessiontype", "is required. Request this column too.");
        return null;
    }

    private static void noteOfGeneric(DataverseRow row) {
        String anchor = "An entity session is anchored in its record. Add the tab to additionalTabs.";
        row.noteUnlessEmpty(ANCHOR, anchor);
        row.noteUnlessEmpty("_msdyn_anchortab_value", anchor);
        String icon = "An entity template does not have an icon. Show the icon of the record.";
        row.noteUnlessEmpty(ICON, icon);
        row.noteUnlessEmpty("_msdyn_sessionicon_value", icon);
    }

    private void icon(DataverseRow row, Map<String, @Nullable Object> template) {
        @Nullable String id = row.guid("_msdyn_sessionicon_value");
        @Nullable DataverseRow expanded = row.expanded(ICON, DataverseTable.WEB_RESOURCE);
        @Nullable String name = expanded == null ? null : expanded.text("name");
        if (name == null && id != null) {
            name = webResourceNames.get(id);
        }
        if (name == null) {
            if (id != null || expanded != null) {
                row.note(
                        ICON,
                        "The icon's name was not sent. Request it with $expand=" + ICON
                                + "($select=name), or include the web resource.");
            }
        } else if (name.indexOf('{') >= 0 || name.toLowerCase(Locale.ROOT).endsWith(".gif")) {
            row.note(ICON, "Icons must not be GIFs or contain braces in their path. Choose another sessionIcon.");
        } else {
            template.put("sessionIcon", "/webresources/" + name);
        }
    }

    private void anchor(DataverseRow row, Map<String, @Nullable Object> template) {
        @Nullable String id = row.guid("_msdyn_anchortab_value");
        @Nullable DataverseRow expanded = row.expanded(ANCHOR, DataverseTable.APPLICATION_TAB_TEMPLATE);
        @Nullable String name = expanded == null ? null : tabs.name(expanded);
        if (name == null && id != null) {
            name = tabs.name(id);
        }
        boolean isLost = isFile && name == null && (id != null || expanded != null);
        if (isLost) {
            row.note(ANCHOR, "The anchor tab is not in this file. Export its application tab template too.");
        }
        if (isLost || (id == null && expanded == null)) {
            if ("active".equals(template.get("status"))) {
                template.put("status", "inactive");
                row.note(
                        "statecode",
                        "An active generic template requires an anchor tab, so it is imported as inactive."
                                + " Set its anchorTab, then activate it.");
            }
            return;
        }
        if (name == null) {
            row.violation(
                    "invalidValue",
                    expanded == null ? "_msdyn_anchortab_value" : ANCHOR,
                    "points to an application tab template whose unique name was not sent. Request it with $expand="
                            + ANCHOR + "($select=msdyn_uniquename), or send its row too.");
        } else {
            template.put("anchorTab", name);
        }
    }

    private void furtherTabs(DataverseRow row, Map<String, @Nullable Object> template) {
        List<String> names = new ArrayList<>();
        int most = SessionTemplate.ADDITIONAL_TABS;
        for (DataverseRow tab : row.expandedAll(FURTHER_TABS, DataverseTable.APPLICATION_TAB_TEMPLATE)) {
            @Nullable String name = tabs.name(tab);
            if (name == null && isFile) {
                tab.noteRow("The tab is not in this file. Export its application tab template too.");
            } else if (name == null) {
                tab.violation(
                        "required",
                        UNIQUE_NAME,
                        "is required. Request it with $expand=" + FURTHER_TABS
                                + "($select=msdyn_uniquename), or send the tab's row too.");
            } else if (name.equals(template.get("anchorTab")) || names.contains(name)) {
                tab.noteRow(
                        "repeatedTab",
                        InputLimits.excerpt(name) + " is already one of the template's tabs. It opens once.");
            } else if (names.size() == most) {
                tab.noteRow(
                        "tooManyTabs",
                        "A session has at most " + most + " tabs in addition to its anchor. Open "
                                + InputLimits.excerpt(name) + " later.");
            } else {
                names.add(name);
            }
        }
        if (!names.isEmpty()) {
            template.put("additionalTabs", names);
        }
    }
}
