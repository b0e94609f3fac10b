package io.switchboard.templates.dataverse;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.switchboard.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/** A set of template rows in every export format of Dynamics 365. */
public final class ExportFixtures {
    private static final String[] PAGES = {
        "{\"entityName\":{\"value\":\"account\"},\"viewId\":{\"value\":\"7b1f0a2e-3c11-4e0f-9d55-0d2f6c0a9e41\"},\"viewType\":{\"value\":null}}",
        "{\"createFromEntity\":{\"value\":null},\"data\":{\"value\":\"{\\\"title\\\":\\\"{subject}\\\"}\"},\"entityName\":{\"value\":\"incident\"},\"selectedStageId\":{\"value\":null}}",
        "{\"webresourceName\":{\"value\":\"contoso_page.html\"},\"data\":{\"value\":\"{topic}\"}}",
        "{\"controlName\":{\"value\":\"contoso_control\"},\"data\":{\"value\":null}}",
        "{\"dashboardId\":{\"value\":\"7b1f0a2e-3c11-4e0f-9d55-0d2f6c0a9e41\"}}",
        "{\"searchText\":{\"value\":null},\"searchType\":{\"value\":null}}",
        "{\"webresourceName\":{\"value\":\"msdyn_CECExternalWebPageContainer.html\"},\"data\":{\"value\":\"cif_thirdpartyurlhttps:\\/\\/help.contoso.example\\/find?topic%3D{topic}&a=<b>\"}}",
        "{\"name\":{\"value\":\"contoso_customerpage\"},\"entityName\":{\"value\":null},\"recordId\":{\"value\":null}}"
    };

    /** A row with columns as texts, and lookups by the unique name of the other row. */
    private record Row(String table, String name, Map<String, String> columns, Map<String, String> lookups) {
        String id() {
            return UUID.nameUUIDFromBytes((table + "/" + name).getBytes(UTF_8)).toString();
        }
    }

    private record Link(String relationship, Row owner, Row other) {}

    private final List<Row> rows = new ArrayList<>();
    private final List<Link> links = new ArrayList<>();

    /** @param each the number of rows of each kind */
    public ExportFixtures(int each) {
        List<Row> tabs = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            int page = i % PAGES.length;
            Row tab = row("msdyn_applicationtabtemplate", "contoso_tab" + i, "Tab <" + i + "> & more");
            tab.columns.put("msdyn_pagetype", Integer.toString(509180000 + page));
            tab.columns.put("msdyn_pinned", i % 2 == 0 ? "0" : "1");
            tab.columns.put("msdyn_templateparameters", PAGES[page]);
            tabs.add(tab);
            if (page == 6 && i % 16 == 6) {
                parameter(tab, "url", "https://help.contoso.example/find?topic={topic}");
                parameter(tab, "data", "");
            } else if (page == 1 && i % 16 == 1) {
                parameter(tab, "entityName", "incident");
                parameter(tab, "data", "{\"title\":\"{subject}\"}");
                parameter(tab, "validateRecord", "True");
            }
        }
        List<Row> sessions = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            Row session = row("msdyn_sessiontemplate", "contoso_session" + i, "Session " + i);
            session.columns.put("msdyn_title", "Call {customerName}");
            session.columns.put("msdyn_sessiontype", i % 2 == 0 ? "0" : "1");
            session.columns.put("msdyn_panelstate", i % 2 == 0 ? "162450002" : "162450001");
            session.columns.put("msdyn_enabletitlesync", i % 4 == 0 ? "1" : "0");
            if (i % 2 == 0) {
                session.lookups.put("msdyn_anchortab", tabs.get(i).name);
            } else {
                session.columns.put("msdyn_entity", "contoso_entity" + i);
            }
            links.add(new Link("msdyn_sessiontemplate_applicationtab", session, tabs.get((i + 1) % each)));
            links.add(new Link("msdyn_sessiontemplate_applicationtab", session, tabs.get((i + 2) % each)));
            sessions.add(session);
        }
        for (int i = 0; i < each; i++) {
            Row notification = row("msdyn_notificationtemplate", "contoso_ring" + i, "Ring " + i);
            notification.columns.put("msdyn_title", "{customerName}");
            notification.columns.put("msdyn_icon", "/webresources/msdyn_chat_icon_zfp.svg");
            notification.columns.put("msdyn_showtimeout", "1");
            notification.columns.put("msdyn_timeout", Integer.toString(20 + i));
            notification.columns.put("msdyn_autoacceptnotification", "0");
            notification.columns.put("msdyn_desktopnotificationmode", "509180001");
            notification.columns.put("msdyn_theme", "509180001");
            Row field = row("msdyn_notificationfield", "contoso_phone" + i, "Phone row");
            field.columns.put("msdyn_title", "Phone");
            field.columns.put("msdyn_value", "{phone}");
            links.add(new Link("msdyn_notificationtemplate_notificationfield", notification, field));
            Row profile = row("msdyn_appconfiguration", "contoso_profile" + i, "Profile " + i);
            profile.columns.put("msdyn_profileorder", Integer.toString(i));
            links.add(new Link("msdyn_appconfiguration_sessiontemplate", profile, sessions.get(i)));
            Row mapping = row("msdyn_appprofilerolemapping", "contoso_mapping" + i, "Mapping " + i);
            mapping.lookups.put("msdyn_appprofileid", profile.name);
            mapping.lookups.put("msdyn_securityroleid", "Agents " + i);
        }
        row("msdyn_channelprovider", "contoso_provider", "Provider");
        row("msdyn_paneconfiguration", "contoso_pane", "Pane");
    }

    private Row row(String table, String name, String shown) {
        Row row = new Row(table, name, new LinkedHashMap<>(), new LinkedHashMap<>());
        row.columns.put("msdyn_name", shown);
        row.columns.put("statecode", "0");
        row.columns.put("statuscode", "1");
        rows.add(row);
        return row;
    }

    private void parameter(Row tab, String name, String value) {
        Row parameter = row("msdyn_templateparameter", tab.name + "_" + name, name);
        parameter.columns.put("msdyn_value", value);
        parameter.lookups.put("msdyn_applicationtabtemplateid", tab.name);
    }

    private static String target(String lookup) {
        return switch (lookup) {
            case "msdyn_appprofileid" -> "msdyn_appconfiguration";
            case "msdyn_securityroleid" -> "role";
            default -> "msdyn_applicationtabtemplate";
        };
    }

    private static String id(String table, String name) {
        return new Row(table, name, Map.of(), Map.of()).id();
    }

    /** Returns the rows as the Web API does. */
    public Map<String, @Nullable Object> json() {
        List<Map<String, @Nullable Object>> value = new ArrayList<>();
        for (Row row : rows) {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("@odata.type", "#Microsoft.Dynamics.CRM." + row.table);
            json.put(row.table + "id", row.id());
            json.put("msdyn_uniquename", row.name);
            row.columns.forEach((column, text) -> json.put(column, typed(column, text)));
            row.lookups.forEach((column, name) -> {
                json.put("_" + column + "_value", id(target(column), name));
                if (!target(column).equals("msdyn_appconfiguration")) {
                    json.put(column, Map.of(target(column).equals("role") ? "name" : "msdyn_uniquename", name));
                }
            });
            for (Link link : links) {
                if (link.owner.equals(row)) {
                    List<Object> others = new ArrayList<>();
                    if (json.get(link.relationship) instanceof List<?> before) {
                        others.addAll(before);
                    }
                    others.add(Map.of("msdyn_uniquename", link.other.name, link.other.table + "id", link.other.id()));
                    json.put(link.relationship, others);
                }
            }
            if (row.table.equals("msdyn_templateparameter")) {
                json.remove("msdyn_applicationtabtemplateid");
            }
            value.add(json);
        }
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("value", value);
        return body;
    }

    private static @Nullable Object typed(String column, String text) {
        return switch (column) {
            case "msdyn_pinned", "msdyn_enabletitlesync", "msdyn_showtimeout", "msdyn_autoacceptnotification" ->
                text.equals("1");
            case "msdyn_value", "msdyn_name", "msdyn_title", "msdyn_icon", "msdyn_templateparameters", "msdyn_entity" ->
                text.isEmpty() ? null : text;
            default -> Integer.valueOf(text);
        };
    }

    /** Escapes text for XML. */
    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }

    private static String xml(Row row) {
        StringBuilder xml = new StringBuilder();
        xml.append('<')
                .append(row.table)
                .append(" msdyn_uniquename=\"")
                .append(row.name)
                .append("\"><iscustomizable>1</iscustomizable>\n");
        row.columns.forEach((column, text) -> {
            boolean isLabel =
                    column.equals("msdyn_name") || column.equals("msdyn_title") || column.equals("msdyn_icon");
            if (isLabel) {
                xml.append("  <%s default=\"%s\"><label description=\"%s\" languagecode=\"1033\" /></%s>\n"
                        .formatted(column, escaped(text), escaped(text), column));
            } else if (!text.isEmpty()) {
                xml.append("  <%s>%s</%s>\n".formatted(column, escaped(text), column));
            }
        });
        row.lookups.forEach((column, name) -> {
            String key = target(column).equals("role") ? "name" : "msdyn_uniquename";
            xml.append("  <%s><%s>%s</%s></%s>\n".formatted(column, key, escaped(name), key, column));
        });
        return xml.append("</").append(row.table).append('>').toString();
    }

    private String customizations(boolean withRows) {
        StringBuilder xml = new StringBuilder(
                "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<ImportExportXml xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><Entities /><WebResources><WebResource><WebResourceId>{7b1f0a2e-3c11-4e0f-9d55-0d2f6c0a9e41}</WebResourceId><Name>contoso_icon.svg</Name></WebResource></WebResources>\n");
        if (withRows) {
            for (Row row : rows) {
                xml.append('<')
                        .append(row.table)
                        .append("s>")
                        .append(xml(row))
                        .append("</")
                        .append(row.table)
                        .append("s>\n");
            }
        }
        String open = "";
        for (Link link : links) {
            if (!open.equals(link.relationship)) {
                xml.append(open.isEmpty() ? "" : "</" + open + "set>")
                        .append('<')
                        .append(link.relationship)
                        .append("set>\n");
                open = link.relationship;
            }
            xml.append(
                    "<%s %sid.msdyn_uniquename=\"%s\" %sid.msdyn_uniquename=\"%s\"><iscustomizable>1</iscustomizable></%s>\n"
                            .formatted(
                                    link.relationship,
                                    link.other.table,
                                    link.other.name,
                                    link.owner.table,
                                    link.owner.name,
                                    link.relationship));
        }
        return xml.append("</").append(open).append("set></ImportExportXml>").toString();
    }

    /** Returns all rows and links in one {@code customizations.xml}. */
    public String customizations() {
        return customizations(true);
    }

    /** Returns a solution, with one file per row. */
    public byte[] solution(boolean isManaged) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("[Content_Types].xml", "<Types />");
        files.put(
                "solution.xml",
                "\uFEFF<?xml version=\"1.0\" encoding=\"utf-8\"?><ImportExportXml><SolutionManifest><UniqueName>contoso</UniqueName><Version>1.0.0.6</Version><Managed>"
                        + (isManaged ? 1 : 0)
                        + "</Managed><Publisher><CustomizationPrefix>contoso</CustomizationPrefix></Publisher></SolutionManifest></ImportExportXml>");
        files.put("customizations.xml", customizations(false));
        for (Row row : rows) {
            files.put(row.table + "s/" + row.name + "/" + row.table + ".xml", "\uFEFF" + xml(row));
        }
        files.put("WebResources/contoso_icon.svg", "not XML <");
        return zip(files);
    }

    /** Returns the data of the Configuration Migration tool. */
    public String data() {
        StringBuilder xml = new StringBuilder(
                "<?xml version=\"1.0\" encoding=\"utf-8\"?><entities timestamp=\"2026-01-01T00:00:00.0000000Z\">");
        List<String> tables = rows.stream().map(Row::table).distinct().toList();
        for (String table : tables) {
            xml.append("<entity name=\"").append(table).append("\" displayname=\"x\"><records>\n");
            StringBuilder related = new StringBuilder();
            for (Row row : rows) {
                if (!row.table.equals(table)) {
                    continue;
                }
                xml.append("<record id=\"")
                        .append(row.id().toUpperCase(Locale.ROOT))
                        .append("\"><field name=\"msdyn_uniquename\" value=\"")
                        .append(row.name)
                        .append("\" />");
                row.columns.forEach((column, text) -> xml.append("<field name=\"%s\" value=\"%s\" />"
                        .formatted(
                                column,
                                typed(column, text) instanceof Boolean flag
                                        ? flag ? "True" : "False"
                                        : escaped(text))));
                row.lookups.forEach((column, name) ->
                        xml.append("<field name=\"%s\" value=\"%s\" lookupentity=\"%s\" lookupentityname=\"%s\" />"
                                .formatted(column, id(target(column), name), target(column), escaped(name))));
                xml.append("</record>\n");
                for (Link link : links) {
                    if (link.owner.equals(row)) {
                        related.append(
                                "<m2mrelationship sourceid=\"%s\" targetentityname=\"%s\" targetentitynameidfield=\"%sid\" m2mrelationshipname=\"%s\"><targetids><targetid>%s</targetid></targetids></m2mrelationship>"
                                        .formatted(
                                                row.id(),
                                                link.other.table,
                                                link.other.table,
                                                link.relationship,
                                                link.other.id()));
                    }
                }
            }
            xml.append("</records><m2mrelationships>").append(related).append("</m2mrelationships></entity>");
        }
        return xml.append("</entities>").toString();
    }

    /** Returns the zip of the Configuration Migration tool. */
    public byte[] dataZip() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("data.xml", data());
        files.put("data_schema.xml", "<entities dateMode=\"absolute\" />");
        files.put("[Content_Types].xml", "<Types />");
        return zip(files);
    }

    /** Returns an archive of these files. */
    public static byte[] zip(Map<String, String> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (var file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(UTF_8));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Returns the JSON as text. */
    public String jsonText() {
        return Json.write(json());
    }
}
