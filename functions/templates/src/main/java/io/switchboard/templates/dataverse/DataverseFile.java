package io.switchboard.templates.dataverse;

import io.switchboard.http.Refusal;
import io.switchboard.json.Violations;
import java.util.List;
import java.util.Locale;

/**
 * A file that Dynamics 365 exports: a solution, as a zip or its {@code customizations.xml}, the file of one row, or the
 * data of the Configuration Migration tool, as a zip or its {@code data.xml}. The files and their limits are in
 * {@code docs/reference/transport.md}.
 */
public final class DataverseFile {
    private static final String ROW_PREFIX = "msdyn_";
    private static final List<String> PARTS = List.of("solution.xml", "customizations.xml", "data.xml");

    private DataverseFile() {}

    /** Returns true if the bytes begin like a zip archive. */
    public static boolean isZip(byte[] body) {
        return body.length > 1 && body[0] == 'P' && body[1] == 'K';
    }

    /** Returns true if the bytes begin like an XML document, after a byte order mark and white space. */
    public static boolean isXml(byte[] body) {
        for (byte b : body) {
            if (b == '<') {
                return true;
            }
            boolean isMark =
                    b == (byte) 0xEF || b == (byte) 0xBB || b == (byte) 0xBF || b == (byte) 0xFE || b == (byte) 0xFF;
            if (!isMark && b != 0 && b != ' ' && b != '\t' && b != '\r' && b != '\n') {
                return false;
            }
        }
        return false;
    }

    /**
     * Translates the rows of an archive. Only the XML files that can contain rows are inflated.
     *
     * @param violations receives the errors of malformed rows
     * @throws Refusal 400 if the archive or a file in it is malformed
     */
    public static DataverseRows.Translation translateZip(byte[] body, Violations violations) {
        DataverseNotes notes = new DataverseNotes();
        ExportContent content = new ExportContent(notes);
        ZipArchive archive = ZipArchive.open(body);
        boolean isExport = false;
        for (ZipArchive.Entry entry : archive.entries()) {
            String name =
                    entry.name().substring(entry.name().lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
            boolean isRow = name.startsWith(ROW_PREFIX) && name.endsWith(".xml");
            if (isRow || PARTS.contains(name)) {
                isExport = true;
                ExportXml.read(archive.content(entry), entry.name(), content);
            }
        }
        return translate(
                content, notes, isExport ? "archive" : "archive, which is not an export of Dynamics 365,", violations);
    }

    /**
     * Translates the rows of an XML file.
     *
     * @param violations receives the errors of malformed rows
     * @throws Refusal 400 if the file is malformed
     */
    public static DataverseRows.Translation translateXml(byte[] body, Violations violations) {
        DataverseNotes notes = new DataverseNotes();
        ExportContent content = new ExportContent(notes);
        ExportXml.read(body, "", content);
        return translate(content, notes, "file", violations);
    }

    private static DataverseRows.Translation translate(
            ExportContent content, DataverseNotes notes, String source, Violations violations) {
        List<SourceRow> rows = content.rows();
        if (rows.isEmpty()) {
            notes.add(
                    "",
                    "empty",
                    "value",
                    "The " + source
                            + " does not contain rows of template tables. Add the templates to the solution, or their"
                            + " tables to the export's schema, and export it again.");
        }
        return DataverseRows.translate(rows, notes, violations);
    }
}
