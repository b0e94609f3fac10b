package io.switchboard.templates.dataverse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.http.Refusal;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.json.TemplateJson;
import io.switchboard.text.Seed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Translates exports of Dynamics 365 in every format, and rejects malformed and unsafe files. */
final class DataverseFileTest {
    private static final String ROW =
            "<msdyn_applicationtabtemplate msdyn_uniquename=\"contoso_find\"><msdyn_name default=\"Find\" /><msdyn_pagetype>509180005</msdyn_pagetype></msdyn_applicationtabtemplate>";

    private static DataverseRows.Translation of(DataverseRows.Translation translation, Violations violations) {
        assertThat(violations.all()).isEmpty();
        return translation;
    }

    private static DataverseRows.Translation zip(byte[] archive) {
        Violations violations = new Violations();
        return of(DataverseFile.translateZip(archive, violations), violations);
    }

    private static DataverseRows.Translation xml(byte[] document) {
        Violations violations = new Violations();
        return of(DataverseFile.translateXml(document, violations), violations);
    }

    private static DataverseRows.Translation xml(String document) {
        return xml(document.getBytes(UTF_8));
    }

    private static DataverseRows.Translation rows(ExportFixtures fixtures) {
        Violations violations = new Violations();
        return of(DataverseRows.translate(fixtures.json(), violations), violations);
    }

    private static Map<String, Map<String, @Nullable Object>> byName(DataverseRows.Translation translation) {
        Map<String, Map<String, @Nullable Object>> byName = new TreeMap<>();
        for (Map<String, @Nullable Object> template : translation.templates()) {
            assertThat(byName.put(template.get("kind") + "/" + template.get("uniqueName"), template))
                    .isNull();
        }
        return byName;
    }

    @Test
    void same_rows_become_the_same_templates_in_every_format() {
        ExportFixtures fixtures = new ExportFixtures(24);
        Map<String, Map<String, @Nullable Object>> expected = byName(rows(fixtures));
        assertThat(expected).hasSize(96);
        for (Map<String, @Nullable Object> template : expected.values()) {
            Map<String, @Nullable Object> members = new LinkedHashMap<>(template);
            Object kind = members.remove("kind");
            Violations broken = new Violations();
            TemplateJson.read(
                    Arrays.stream(TemplateKind.values())
                            .filter(each -> each.text().equals(kind))
                            .findFirst()
                            .orElseThrow(),
                    new ObjectReader(members, "", broken));
            assertThat(broken.all()).isEmpty();
        }
        assertThat(expected.get("appProfile/contoso_profile3"))
                .containsEntry("profileOrder", 3)
                .containsEntry("roles", List.of("Agents 3"))
                .containsEntry("sessionTemplates", List.of("contoso_session3"));
        assertThat(expected.get("applicationTabTemplate/contoso_tab6"))
                .containsEntry("parameters", Map.of("url", "https://help.contoso.example/find?topic={topic}"));
        assertThat(expected.get("applicationTabTemplate/contoso_tab14"))
                .containsEntry("parameters", Map.of("url", "https://help.contoso.example/find?topic={topic}&a=<b>"));
        assertThat(byName(zip(fixtures.solution(false)))).isEqualTo(expected);
        assertThat(byName(xml(fixtures.customizations()))).isEqualTo(expected);
        assertThat(byName(xml(fixtures.data()))).isEqualTo(expected);
        assertThat(byName(zip(fixtures.dataZip()))).isEqualTo(expected);
    }

    @Test
    void tables_that_are_not_imported_are_listed_in_every_format() {
        ExportFixtures fixtures = new ExportFixtures(2);
        for (DataverseRows.Translation translation : List.of(
                rows(fixtures),
                zip(fixtures.solution(false)),
                xml(fixtures.customizations()),
                zip(fixtures.dataZip()))) {
            List<String> messages = new ArrayList<>();
            translation.notCarried().forEach(note -> messages.add(note.message()));
            assertThat(messages)
                    .anyMatch(message -> message.startsWith("Rows of msdyn_channelprovider "))
                    .anyMatch(message -> message.startsWith("Rows of msdyn_paneconfiguration "));
        }
    }

    @Test
    void rows_of_a_managed_solution_are_listed_once_with_their_count() {
        ExportFixtures fixtures = new ExportFixtures(20);
        assertThat(zip(fixtures.solution(false)).notCarried())
                .noneMatch(note -> note.target().endsWith(".ismanaged"));
        assertThat(zip(fixtures.solution(true)).notCarried())
                .filteredOn(note -> note.target().endsWith(".ismanaged"))
                .hasSize(4)
                .allMatch(note -> note.count() == 20 && note.rows().size() == 5);
    }

    @Test
    void file_of_a_single_row_is_translated() {
        DataverseRows.Translation translation = xml("\uFEFF" + ROW);
        assertThat(translation.targets()).containsExactly("msdyn_applicationtabtemplates/contoso_find");
        assertThat(translation.templates().getFirst()).containsEntry("name", "Find");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<ImportExportXml><Entities /></ImportExportXml>",
                "<SolutionManifest><UniqueName>x</UniqueName></SolutionManifest>",
                "<entities />"
            })
    void export_without_rows_is_an_empty_plan_with_a_note(String document) {
        DataverseRows.Translation translation = xml(document);
        assertThat(translation.templates()).isEmpty();
        assertThat(translation.notCarried()).hasSize(1);
        assertThat(translation.notCarried().getFirst().message()).contains("does not contain rows");
    }

    @Test
    void archive_without_rows_is_an_empty_plan_with_a_note() {
        for (Map<String, String> files : List.of(
                Map.<String, String>of(),
                Map.of("readme.txt", "x"),
                Map.of("solution.xml", "<ImportExportXml />", "customizations.xml", "<ImportExportXml />"))) {
            DataverseRows.Translation translation = zip(ExportFixtures.zip(files));
            assertThat(translation.templates()).isEmpty();
            assertThat(translation.notCarried()).hasSize(1);
        }
    }

    @Test
    void document_is_decoded_in_its_own_encoding() {
        String name =
                "<msdyn_applicationtabtemplate msdyn_uniquename=\"c_a\"><msdyn_name default=\"Größe\" /><msdyn_pagetype>509180005</msdyn_pagetype></msdyn_applicationtabtemplate>";
        for (byte[] document : List.of(
                name.getBytes(UTF_8),
                ("\uFEFF" + name).getBytes(UTF_8),
                name.getBytes(UTF_16),
                ("\uFEFF" + name).getBytes(java.nio.charset.StandardCharsets.UTF_16LE),
                name.getBytes(java.nio.charset.StandardCharsets.UTF_16LE),
                ("<?xml version=\"1.0\" encoding=\"utf-16\"?>" + name).getBytes(UTF_16),
                ("<?xml version=\"1.0\" encoding=\"utf-16\"?>" + name).getBytes(UTF_8),
                ("<?xml version='1.0' encoding='ISO-8859-1'?>" + name).getBytes(ISO_8859_1))) {
            assertThat(xml(document).templates().getFirst()).containsEntry("name", "Größe");
        }
    }

    @Test
    void links_to_rows_outside_the_file_are_listed_and_do_not_stop_the_import() {
        DataverseRows.Translation translation = xml("""
                <entities><entity name="msdyn_sessiontemplate"><records><record id="6d2ad6a1-7d1a-ef11-9f8a-000d3a5c49ed">
                <field name="msdyn_uniquename" value="contoso_call" /><field name="msdyn_name" value="Call" /><field name="msdyn_sessiontype" value="0" />
                <field name="msdyn_anchortab" value="0e6bd6a1-7d1a-ef11-9f8a-000d3a5c49ed" lookupentity="msdyn_applicationtabtemplate" lookupentityname="Find" />
                </record></records><m2mrelationships><m2mrelationship sourceid="6d2ad6a1-7d1a-ef11-9f8a-000d3a5c49ed" targetentityname="msdyn_applicationtabtemplate"
                 m2mrelationshipname="msdyn_sessiontemplate_applicationtab"><targetids><targetid>2e6bd6a1-7d1a-ef11-9f8a-000d3a5c49ed</targetid></targetids></m2mrelationship>
                <m2mrelationship sourceid="00000000-7d1a-ef11-9f8a-000d3a5c49ed" targetentityname="msdyn_applicationtabtemplate"
                 m2mrelationshipname="msdyn_sessiontemplate_applicationtab"><targetids><targetid>2e6bd6a1-7d1a-ef11-9f8a-000d3a5c49ed</targetid></targetids></m2mrelationship>
                </m2mrelationships></entity></entities>""");
        assertThat(translation.templates().getFirst())
                .containsEntry("status", "inactive")
                .doesNotContainKey("anchorTab");
        assertThat(translation.notCarried()).hasSize(5);
    }

    private static void assertRejected(String code, ThrowingCallable reading, String as) {
        assertThatThrownBy(reading).as(as).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.status()).isEqualTo(400);
            assertThat(refusal.details()).hasSize(1);
            assertThat(refusal.details().getFirst().code()).isEqualTo(code);
            assertThat(refusal.getMessage())
                    .endsWith(".")
                    .hasSizeLessThan(600)
                    .doesNotContain("Exception", "javax", "com.sun");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "x",
                "<",
                "<a",
                "<msdyn_x>",
                "<msdyn_x></msdyn_y>",
                "<msdyn_x a=1 />",
                "<msdyn_x a='1' a='2' />",
                "<msdyn_x /><msdyn_x />",
                "<msdyn_x>&nbsp;</msdyn_x>",
                "<msdyn_x>&#0;</msdyn_x>",
                "<msdyn_x>&#xFFFF;</msdyn_x>",
                "<msdyn_x>&</msdyn_x>",
                "<msdyn_x>]]></msdyn_x>",
                "<msdyn_x><![CDATA[x</msdyn_x>",
                "<msdyn_x><!-- -- --></msdyn_x>",
                "<y:msdyn_x />",
                "<msdyn_x y:a='1' />",
                "<html />",
                "<?xml version='1.0' encoding='EBCDIC'?><msdyn_x />",
                "<?xml version='1.0' encoding=?><msdyn_x />",
                "<?xml version='3.0'?><msdyn_x />",
                " <?xml version='1.0'?><msdyn_x />",
                "<!DOCTYPE msdyn_x><msdyn_x />",
                "<!DOCTYPE msdyn_x SYSTEM 'file:///etc/passwd'><msdyn_x />",
                "<!DOCTYPE msdyn_x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><msdyn_x>&a;</msdyn_x>",
                "<!DOCTYPE msdyn_x [<!ENTITY a 'b'>]><msdyn_x c='&a;' />",
                "<!DOCTYPE msdyn_x [<!ENTITY % a SYSTEM 'http://127.0.0.1:1/x'>%a;]><msdyn_x />",
                "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]><msdyn_x>&b;</msdyn_x>",
                "<msdyn_x>\u0001</msdyn_x>"
            })
    void malformed_or_unsafe_document_is_rejected(String document) {
        assertRejected("malformedXml", () -> xml(document), document);
        assertRejected("malformedXml", () -> zip(ExportFixtures.zip(Map.of("customizations.xml", document))), document);
    }

    @Test
    void document_with_a_wrong_encoding_or_too_much_depth_is_rejected() {
        assertRejected("malformedXml", () -> xml(new byte[] {'<', 'm', 's', (byte) 0xFF, '/', '>'}), "bytes");
        assertRejected("malformedXml", () -> xml(new byte[] {(byte) 0xFF, (byte) 0xFE, '<', 0, (byte) 0xD8}), "UTF-16");
        assertRejected("malformedXml", () -> xml("<msdyn_x>".repeat(65) + "</msdyn_x>".repeat(65)), "depth");
        assertRejected("malformedXml", () -> xml("<msdyn_x>".repeat(100_000)), "depth");
        assertRejected("malformedXml", () -> xml("<msdyn_" + "x".repeat(300) + " />"), "name");
        assertRejected("malformedXml", () -> xml(ROW.substring(0, ROW.length() - 5)), "truncated");
        StringBuilder attributes = new StringBuilder("<msdyn_x");
        for (int i = 0; i < 5_000; i++) {
            attributes.append(" a").append(i).append("=''");
        }
        assertRejected("malformedXml", () -> xml(attributes + "/>"), "attributes");
    }

    @Test
    void error_of_a_malformed_document_contains_line_and_column() {
        assertThatThrownBy(() -> xml("<msdyn_x>\n  <a></b>\n</msdyn_x>"))
                .hasMessage("The XML is not well-formed at line 2, column 8. Correct it and send it again.");
    }

    private static byte[] archive() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("solution.xml", "<ImportExportXml><SolutionManifest /></ImportExportXml>");
        files.put("msdyn_applicationtabtemplates/contoso_find/msdyn_applicationtabtemplate.xml", ROW);
        return ExportFixtures.zip(files);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../solution.xml",
                "a/../../solution.xml",
                "..",
                "a/..",
                "/solution.xml",
                "\\solution.xml",
                "a\\b.xml",
                "C:/solution.xml",
                "c:solution.xml",
                "a\u0000.xml",
                "a\n.xml"
            })
    void archive_with_a_path_outside_of_it_is_rejected(String name) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put(name, "x");
        assertRejected("malformedArchive", () -> zip(ExportFixtures.zip(files)), name);
    }

    @Test
    void truncated_archive_is_rejected() {
        byte[] archive = archive();
        for (int length = 0; length < archive.length; length++) {
            byte[] truncated = Arrays.copyOf(archive, length);
            assertRejected("malformedArchive", () -> zip(truncated), "length " + length);
        }
    }

    private static int find(byte[] archive, int signature) {
        ByteBuffer bytes = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i + 4 <= archive.length; i++) {
            if (bytes.getInt(i) == signature) {
                return i;
            }
        }
        throw new AssertionError("no such record");
    }

    private static byte[] changed(int signature, int offset, int... values) {
        byte[] archive = archive();
        int at = find(archive, signature) + offset;
        for (int i = 0; i < values.length; i++) {
            archive[at + i] = (byte) values[i];
        }
        return archive;
    }

    @Test
    void archive_with_an_inconsistent_record_is_rejected() {
        int central = 0x02014b50;
        int local = 0x04034b50;
        int end = 0x06054b50;
        Map<String, byte[]> archives = new LinkedHashMap<>();
        archives.put("encrypted", changed(central, 8, 1));
        archives.put("strongly encrypted", changed(central, 8, 0x41));
        archives.put("masked", changed(central, 9, 0x20));
        archives.put("method 9", changed(central, 10, 9));
        archives.put("method 14", changed(central, 10, 14));
        archives.put("stored but compressed", changed(central, 10, 0));
        archives.put("checksum", changed(central, 16, 1, 2, 3, 4));
        archives.put("compressed size 1", changed(central, 20, 1, 0, 0, 0));
        archives.put("compressed size huge", changed(central, 20, 0xFF, 0xFF, 0xFF, 0x7F));
        archives.put("Zip64 size", changed(central, 20, 0xFF, 0xFF, 0xFF, 0xFF));
        archives.put("name length", changed(central, 28, 0xFF, 0xFF));
        archives.put("no name", changed(central, 28, 0, 0));
        archives.put("header offset", changed(central, 42, 5, 0, 0, 0));
        archives.put("header offset huge", changed(central, 42, 0xFF, 0xFF, 0xFF, 0xFF));
        archives.put("other name", changed(local, 30, 'S'));
        archives.put("local method", changed(local, 8, 0));
        archives.put("local name length", changed(local, 26, 0xFF, 0xFF));
        archives.put("local extra length", changed(local, 28, 0xFF, 0xFF));
        archives.put("entry count 1", changed(end, 8, 1, 0, 1, 0));
        archives.put("entry count 3", changed(end, 8, 3, 0, 3, 0));
        archives.put("Zip64 count", changed(end, 8, 0xFF, 0xFF, 0xFF, 0xFF));
        archives.put("disk", changed(end, 4, 1));
        archives.put("directory size", changed(end, 12, 1, 0, 0, 0));
        archives.put("directory offset", changed(end, 16, 1, 0, 0, 0));
        archives.put("directory offset huge", changed(end, 16, 0xFE, 0xFF, 0xFF, 0xFF));
        archives.put("comment length", changed(end, 20, 9, 0));
        archives.put("not a zip", "PK and nothing else".getBytes(UTF_8));
        archives.forEach((what, archive) -> assertRejected("malformedArchive", () -> zip(archive), what));
    }

    @Test
    void archive_with_a_duplicate_entry_is_rejected() {
        byte[] archive = archive();
        String text =
                new String(ExportFixtures.zip(new LinkedHashMap<>(Map.of("a.xml", "x", "b.xml", "x"))), ISO_8859_1);
        byte[] twice = text.replace("b.xml", "A.xml").getBytes(ISO_8859_1);
        assertRejected("malformedArchive", () -> zip(twice), "twice");
        assertThat(zip(archive).templates()).hasSize(1);
    }

    @Test
    void archive_with_too_many_entries_is_rejected() {
        Map<String, String> files = new LinkedHashMap<>();
        for (int i = 0; i < 10_000; i++) {
            files.put("WebResources/" + i + ".js", "");
        }
        assertThat(zip(ExportFixtures.zip(files)).templates()).isEmpty();

        files.put("WebResources/one_more.js", "");
        byte[] archive = ExportFixtures.zip(files);
        assertRejected("malformedArchive", () -> zip(archive), "10,001 entries");
    }

    /** The directory contains a second entry within the data of the first, which is itself an archive. */
    @Test
    void archive_with_overlapping_entries_is_rejected() throws IOException {
        byte[] inner = ExportFixtures.zip(Map.of("solution.xml", "<SolutionManifest />"));
        ByteArrayOutputStream outer = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(outer)) {
            ZipEntry entry = new ZipEntry("a.zip");
            CRC32 crc = new CRC32();
            crc.update(inner);
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(inner.length);
            entry.setCrc(crc.getValue());
            zip.putNextEntry(entry);
            zip.write(inner);
            zip.closeEntry();
        }
        byte[] plain = outer.toByteArray();
        assertThat(zip(plain).templates()).isEmpty();

        byte[] second = Arrays.copyOfRange(inner, find(inner, 0x02014b50), find(inner, 0x06054b50));
        int innerBegin = 30 + "a.zip".length();
        ByteBuffer.wrap(second).order(ByteOrder.LITTLE_ENDIAN).putInt(42, innerBegin);
        int end = plain.length - 22;
        ByteBuffer both = ByteBuffer.allocate(plain.length + second.length).order(ByteOrder.LITTLE_ENDIAN);
        both.put(plain, 0, end).put(second).put(plain, end, 22);
        int movedEnd = end + second.length;
        both.putShort(movedEnd + 8, (short) 2).putShort(movedEnd + 10, (short) 2);
        both.putInt(movedEnd + 12, both.getInt(movedEnd + 12) + second.length);

        assertThatThrownBy(() -> zip(both.array()))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("overlaps another one");
    }

    @Test
    void entry_with_an_excessive_ratio_is_rejected() {
        String bomb = "<msdyn_x>" + " ".repeat(20 * 1_048_576) + "</msdyn_x>";
        assertRejected("malformedArchive", () -> zip(ExportFixtures.zip(Map.of("customizations.xml", bomb))), "ratio");
        // Unread entries are not inflated.
        assertThat(zip(ExportFixtures.zip(Map.of("WebResources/bomb.js", bomb))).templates())
                .isEmpty();
    }

    /** Returns a document of this length whose compression ratio is within the limit. */
    private static String document(int length) {
        SplittableRandom random = Seed.random("document");
        StringBuilder text = new StringBuilder(length + 1_024).append("<msdyn_x>");
        byte[] block = new byte[512];
        for (int i = 0; i < block.length; i++) {
            block[i] = (byte) ('a' + random.nextInt(26));
        }
        String unit = new String(block, ISO_8859_1);
        while (text.length() < length) {
            text.append(unit, 0, 100 + random.nextInt(400));
        }
        return text.append("</msdyn_x>").toString();
    }

    @Test
    void too_large_entry_is_rejected() {
        byte[] archive = ExportFixtures.zip(Map.of("customizations.xml", document(24 * 1_048_576)));
        assertRejected("malformedArchive", () -> zip(archive), "24 MiB");
    }

    @Test
    void entries_with_a_too_large_total_are_rejected() {
        String large = document(20 * 1_048_576);
        assertThat(zip(ExportFixtures.zip(Map.of("a/customizations.xml", large)))
                        .templates())
                .isEmpty();
        assertRejected(
                "malformedArchive",
                () -> zip(ExportFixtures.zip(Map.of(
                        "a/customizations.xml", large, "b/customizations.xml", large, "c/customizations.xml", large))),
                "total");
    }

    @Test
    void corrupt_files_are_rejected_or_translated_and_never_cause_a_fault() {
        SplittableRandom random = Seed.random("corrupt_files_are_rejected_or_translated_and_never_cause_a_fault");
        ExportFixtures fixtures = new ExportFixtures(3);
        List<byte[]> files = List.of(
                fixtures.solution(true),
                fixtures.dataZip(),
                fixtures.customizations().getBytes(UTF_8),
                fixtures.data().getBytes(UTF_8));
        for (int i = 0; i < 2_000; i++) {
            byte[] file = files.get(i % files.size()).clone();
            for (int n = random.nextInt(1, 6); n > 0; n--) {
                file[random.nextInt(file.length)] = (byte) random.nextInt(256);
            }
            try {
                if (i % files.size() < 2) {
                    DataverseFile.translateZip(file, new Violations());
                } else {
                    DataverseFile.translateXml(file, new Violations());
                }
            } catch (Refusal refusal) {
                assertThat(refusal.status()).isEqualTo(400);
            }
        }
    }
}
