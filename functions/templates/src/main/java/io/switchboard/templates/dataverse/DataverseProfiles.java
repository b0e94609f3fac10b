package io.switchboard.templates.dataverse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Translates rows of {@code msdyn_appconfiguration} with their session templates, an N:N relationship, and their
 * security roles, rows of {@code msdyn_appprofilerolemapping} (<a
 * href="https://learn.microsoft.com/dynamics365/developer/reference/entities/msdyn_appconfiguration">table
 * reference</a>). Not thread-safe.
 */
final class DataverseProfiles {
    private static final int MAXIMUM_SESSION_TEMPLATES = 40;
    private static final int MAXIMUM_ROLES = 50;
    private static final String UNIQUE_NAME = DataverseColumns.UNIQUE_NAME;
    /** The N:N relationship between profiles and session templates. */
    static final String SESSION_TEMPLATES = "msdyn_appconfiguration_sessiontemplate";

    private static final String SESSION_ID = "msdyn_sessiontemplateid";
    private static final String PROFILE_ID = "msdyn_appconfigurationid";
    private static final String PROFILE = "msdyn_appprofileid";
    private static final String ROLE = "msdyn_securityroleid";
    private static final String FORMATTED = "@OData.Community.Display.V1.FormattedValue";

    /** Unique names of session templates by GUID. */
    private final Map<String, String> sessionNames = new HashMap<>();
    /** Unique names of session templates, by the GUID or unique name of a profile to which their own rows refer. */
    private final Map<String, Set<String>> sessionsOf = new HashMap<>();
    /** GUIDs and unique names of the profiles that were sent. */
    private final Set<String> known = new HashSet<>();
    /** Names of security roles by GUID. */
    private final Map<String, String> roleNames = new HashMap<>();
    /** Role mappings by the GUID or unique name of their profile. Those of translated profiles are removed. */
    private final Map<String, List<DataverseRow>> mappings = new LinkedHashMap<>();

    /** Adds the row of a profile, a role or a role mapping to the index. */
    void index(Map<String, @Nullable Object> columns, DataverseRow row, DataverseTable table) {
        @Nullable String id = row.id();
        if (table == DataverseTable.ROLE) {
            if (id != null && columns.get("name") instanceof String name) {
                roleNames.put(id, name);
            }
        } else if (table == DataverseTable.ROLE_MAPPING) {
            mappings.computeIfAbsent(DataverseLookup.parent(columns, PROFILE, PROFILE_ID), absent -> new ArrayList<>())
                    .add(row);
        } else {
            if (id != null) {
                known.add(id);
            }
            if (columns.get(UNIQUE_NAME) instanceof String name) {
                known.add(name);
            }
        }
    }

    /** Adds the row of a session template and the profiles to which it refers to the index. */
    void indexSession(Map<String, @Nullable Object> columns) {
        if (!(columns.get(UNIQUE_NAME) instanceof String name)) {
            return;
        }
        if (columns.get(SESSION_ID) instanceof String id) {
            sessionNames.put(id.toLowerCase(Locale.ROOT), name);
        }
        if (columns.get(SESSION_TEMPLATES) instanceof List<?> profiles) {
            for (Object profile : profiles) {
                if (profile instanceof Map<?, ?> expanded) {
                    sessionsOf
                            .computeIfAbsent(
                                    key(expanded.get(PROFILE_ID), expanded.get(UNIQUE_NAME)),
                                    any -> new LinkedHashSet<>())
                            .add(name);
                }
            }
        }
    }

    private static String key(@Nullable Object id, @Nullable Object uniqueName) {
        return id instanceof String guid
                ? guid.toLowerCase(Locale.ROOT)
                : uniqueName instanceof String name ? name : "";
    }

    /** Returns true if the row of a session template refers to a profile whose own row was not sent. */
    boolean hasMissingProfile(DataverseRow session) {
        boolean lacks = false;
        for (DataverseRow profile : session.expandedAll(SESSION_TEMPLATES, DataverseTable.APP_CONFIGURATION)) {
            @Nullable String id = profile.id();
            @Nullable String name = profile.text(UNIQUE_NAME);
            lacks |= (id == null || !known.contains(id)) && (name == null || !known.contains(name));
        }
        return lacks;
    }

    /** Completes the profile with its order, session templates and roles. */
    Map<String, @Nullable Object> translate(DataverseRow row, Map<String, @Nullable Object> profile) {
        profile.remove("title");
        row.noteUnlessEmpty("msdyn_title", "App profiles do not have a title. Use their name.");
        row.carry("msdyn_profileorder", profile, "profileOrder");
        put(profile, "sessionTemplates", sessionTemplates(row), MAXIMUM_SESSION_TEMPLATES, row);
        put(profile, "roles", roles(row), MAXIMUM_ROLES, row);
        row.noteUnlessEmpty(
                "msdyn_appmoduleuniquename",
                "App profiles apply to all desktops. Use roles to distinguish applications.");
        row.noteUnlessEmpty("msdyn_productivitypaneuniquename", "Productivity panes are not imported.");
        row.noteUnlessEmpty(
                "msdyn_appconfiguration_systemuser",
                "Users of a profile are not imported. Assign them with PUT /appProfiles/{uniqueName}/users/{userId}.");
        return profile;
    }

    private static void put(
            Map<String, @Nullable Object> profile, String member, Set<String> names, int maximum, DataverseRow row) {
        List<String> carried = new ArrayList<>(names);
        if (carried.size() > maximum) {
            row.noteRow(
                    "too many " + member,
                    "An app profile has at most " + maximum + " " + member + "; " + (carried.size() - maximum)
                            + " are not imported. Divide them between several profiles.");
            carried = carried.subList(0, maximum);
        }
        if (!carried.isEmpty()) {
            profile.put(member, carried);
        }
    }

    private Set<String> sessionTemplates(DataverseRow row) {
        Set<String> names = new LinkedHashSet<>();
        for (DataverseRow session : row.expandedAll(SESSION_TEMPLATES, DataverseTable.SESSION_TEMPLATE)) {
            @Nullable String id = session.id();
            @Nullable String name = session.text(UNIQUE_NAME);
            if (name == null && id != null) {
                name = sessionNames.get(id);
            }
            if (name == null) {
                session.noteRow("The unique name of the session template was not sent. Request it with $expand="
                        + SESSION_TEMPLATES + "($select=msdyn_uniquename), or include the template.");
            } else {
                names.add(name);
            }
        }
        for (String profile : List.of(key(row.id(), null), key(null, row.text(UNIQUE_NAME)))) {
            if (!profile.isEmpty()) {
                names.addAll(sessionsOf.getOrDefault(profile, Set.of()));
            }
        }
        return names;
    }

    private Set<String> roles(DataverseRow row) {
        List<DataverseRow> rows = new ArrayList<>();
        for (String column : row.filledColumns()) {
            if (column.contains("role") && row.any(column) instanceof List) {
                rows.addAll(row.expandedAll(column, DataverseTable.ROLE_MAPPING));
            }
        }
        for (String profile : List.of(key(row.id(), null), key(null, row.text(UNIQUE_NAME)))) {
            @Nullable List<DataverseRow> own = profile.isEmpty() ? null : mappings.remove(profile);
            rows.addAll(own == null ? List.of() : own);
        }
        Set<String> roles = new LinkedHashSet<>();
        for (DataverseRow mapping : rows) {
            if (!mapping.isImported()) {
                continue;
            }
            @Nullable String role = role(mapping);
            mapping.noteUnreadColumns();
            if (role == null) {
                mapping.noteRow("The name of the security role was not sent. Request it with $expand=" + ROLE
                        + "($select=name), or add the role to the profile's roles.");
            } else {
                roles.add(role);
            }
        }
        return roles;
    }

    /** Returns the name of the role. The row is a role mapping or the role itself. */
    private @Nullable String role(DataverseRow mapping) {
        mapping.any(UNIQUE_NAME);
        mapping.any("msdyn_name");
        mapping.any(PROFILE);
        mapping.any("_" + PROFILE + "_value");
        @Nullable DataverseRow expanded = mapping.expanded(ROLE, DataverseTable.ROLE);
        @Nullable String name = expanded == null ? mapping.text("name") : expanded.text("name");
        if (name != null) {
            return name;
        }
        @Nullable String id = expanded == null ? mapping.guid("_" + ROLE + "_value") : expanded.id();
        if (id == null) {
            id = mapping.guid("roleid");
        }
        name = id == null ? null : roleNames.get(id);
        return name == null ? mapping.text("_" + ROLE + "_value" + FORMATTED) : name;
    }

    /** Adds notes for roles of profiles that were not sent. */
    void noteUnused() {
        for (List<DataverseRow> rows : mappings.values()) {
            for (DataverseRow row : rows) {
                row.noteRow("The role's app profile is not in this import. Send both together.");
            }
        }
    }
}
