package io.switchboard.templates.dataverse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The Dataverse tables that are imported ({@code docs/domain/session-templates.md}). */
enum DataverseTable {
    /** Session templates. */
    SESSION_TEMPLATE(
            "msdyn_sessiontemplate",
            "msdyn_sessiontemplates",
            Set.of(
                    "msdyn_sessiontype",
                    "msdyn_type",
                    "msdyn_panelstate",
                    "msdyn_entity",
                    "msdyn_anchortab",
                    "_msdyn_anchortab_value",
                    "msdyn_sessionicon",
                    "_msdyn_sessionicon_value",
                    "msdyn_enabletitlesync",
                    "msdyn_enablebuildexpression",
                    "msdyn_expressiondata")),
    /** Application tab templates. */
    APPLICATION_TAB_TEMPLATE(
            "msdyn_applicationtabtemplate",
            "msdyn_applicationtabtemplates",
            Set.of(
                    "msdyn_pagetype",
                    "msdyn_pinned",
                    "msdyn_templateparameters",
                    "msdyn_applicationtabtemplate_templateparameter")),
    /** Parameters of application tab templates. */
    TEMPLATE_PARAMETER(
            "msdyn_templateparameter", "msdyn_templateparameters", Set.of("_msdyn_applicationtabtemplateid_value")),
    /** Notification templates. */
    NOTIFICATION_TEMPLATE(
            "msdyn_notificationtemplate",
            "msdyn_notificationtemplates",
            Set.of(
                    "msdyn_timeout",
                    "msdyn_showtimeout",
                    "msdyn_theme",
                    "msdyn_icon",
                    "msdyn_desktopnotificationmode",
                    "msdyn_autoacceptnotification",
                    "msdyn_autopopupsession",
                    "msdyn_acceptbuttontext",
                    "msdyn_showrejectbutton",
                    "msdyn_rejectbuttontext",
                    "msdyn_notificationtemplate_notificationfield")),
    /** Fields of notification templates. */
    NOTIFICATION_FIELD("msdyn_notificationfield", "msdyn_notificationfields", Set.of("msdyn_order")),
    /** App profiles. */
    APP_CONFIGURATION(
            "msdyn_appconfiguration",
            "msdyn_appconfigurations",
            Set.of("msdyn_profileorder", "msdyn_appmoduleuniquename", "msdyn_productivitypaneuniquename")),
    /** Security roles of app profiles. */
    ROLE_MAPPING(
            "msdyn_appprofilerolemapping",
            "msdyn_appprofilerolemappings",
            Set.of("_msdyn_appprofileid_value", "_msdyn_securityroleid_value")),
    /** Security roles, which may be roles of app profiles. */
    ROLE("role", "roles", Set.of()),
    /** Web resources, which may be session icons. */
    WEB_RESOURCE("webresource", "webresourceset", Set.of("webresourcetype"));

    private static final String TYPE = "@odata.type";
    private static final String TYPE_PREFIX = "#Microsoft.Dynamics.CRM.";

    private final String logicalName;
    private final String entitySet;

    @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
    private final Set<String> ownColumns;

    DataverseTable(String logicalName, String entitySet, Set<String> ownColumns) {
        this.logicalName = logicalName;
        this.entitySet = entitySet;
        this.ownColumns = ownColumns;
    }

    /** Returns the name of the table in Dataverse. */
    String logicalName() {
        return logicalName;
    }

    /** Returns the name of the GUID column. */
    String idColumn() {
        return logicalName + "id";
    }

    /** Returns the table of this logical name; null if it is not imported. */
    static @Nullable DataverseTable named(String logicalName) {
        for (DataverseTable table : values()) {
            if (table.logicalName.equals(logicalName)) {
                return table;
            }
        }
        return null;
    }

    /**
     * Returns the logical name of a row's table, derived in this order from its type, its only GUID column, the context
     * of the response, or columns that only one table has; null if none of these identifies the table.
     *
     * @param ofContext the table in the context of the response, or null
     */
    static @Nullable String nameOf(Map<String, @Nullable Object> row, @Nullable String ofContext) {
        if (row.get(TYPE) instanceof String type && type.startsWith(TYPE_PREFIX)) {
            return type.substring(TYPE_PREFIX.length());
        }
        List<String> identified = new ArrayList<>();
        for (DataverseTable table : values()) {
            // The expanded lookup of a parameter has the name of the GUID column to which it refers.
            if (row.get(table.idColumn()) instanceof String) {
                identified.add(table.logicalName);
            }
        }
        if (identified.size() > 1) {
            return String.join(" and ", identified);
        }
        if (identified.size() == 1) {
            return identified.getFirst();
        }
        if (ofContext != null) {
            return ofContext;
        }
        for (DataverseTable table : values()) {
            for (String column : table.ownColumns) {
                if (row.containsKey(column)) {
                    return table.logicalName;
                }
            }
        }
        return null;
    }

    /**
     * Returns the table in a response's context, such as {@code …/$metadata#msdyn_sessiontemplates(msdyn_name)}, or
     * null.
     */
    static @Nullable String nameInContext(@Nullable Object context) {
        if (!(context instanceof String text)) {
            return null;
        }
        int begin = text.indexOf("$metadata#");
        if (begin < 0) {
            return null;
        }
        begin += "$metadata#".length();
        int end = begin;
        while (end < text.length() && text.charAt(end) != '(' && text.charAt(end) != '/') {
            end++;
        }
        String entitySet = text.substring(begin, end);
        for (DataverseTable table : values()) {
            if (table.entitySet.equals(entitySet)) {
                return table.logicalName;
            }
        }
        return entitySet.isEmpty() || entitySet.startsWith("Collection") ? null : entitySet;
    }

    /** Returns true if an object looks like a row of any Dataverse table. */
    static boolean isRow(Map<?, ?> object) {
        if (object.get(TYPE) instanceof String type && type.startsWith(TYPE_PREFIX)) {
            return true;
        }
        for (Object name : object.keySet()) {
            if (name instanceof String column
                    && (column.startsWith("msdyn_")
                            || column.startsWith("_msdyn_")
                            || column.equals(WEB_RESOURCE.idColumn()))) {
                return true;
            }
        }
        return false;
    }
}
