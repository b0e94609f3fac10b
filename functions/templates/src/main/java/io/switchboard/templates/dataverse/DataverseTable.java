package io.switchboard.templates.dataverse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The Dataverse tables whose rows have a place here ({@code cif-apm.md} §C.1, §D.1, §E). */
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
    /** Security roles: app profiles name some of them. */
    ROLE("role", "roles", Set.of()),
    /** Web resources: session icons are some of them. */
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

    /** The table's name in Dataverse. */
    String logicalName() {
        return logicalName;
    }

    /** The column of the row's GUID. */
    String idColumn() {
        return logicalName + "id";
    }

    /** The table of this logical name, or null where its rows have no place here. */
    static @Nullable DataverseTable named(String logicalName) {
        for (DataverseTable table : values()) {
            if (table.logicalName.equals(logicalName)) {
                return table;
            }
        }
        return null;
    }

    /**
     * The logical name of the table a row is of, as far as the row tells: by its type, by the one GUID column it has, by the
     * context of the answer it stands in, by columns only one table has. Null where nothing tells.
     *
     * @param ofContext the table the answer's context names, or null
     */
    static @Nullable String nameOf(Map<String, @Nullable Object> row, @Nullable String ofContext) {
        if (row.get(TYPE) instanceof String type && type.startsWith(TYPE_PREFIX)) {
            return type.substring(TYPE_PREFIX.length());
        }
        List<String> identified = new ArrayList<>();
        for (DataverseTable table : values()) {
            // The lookup of a parameter, expanded, is called like the GUID column of what it points to.
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

    /** The table an answer's context names, such as {@code …/$metadata#msdyn_sessiontemplates(msdyn_name)}; null for none. */
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

    /** Whether an object looks like a row of Dataverse, of whatever table. */
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
