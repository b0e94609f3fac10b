package io.switchboard.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The JARs of a function's class path. */
final class Jars {
    private Jars() {}

    /** Returns the runtime interface client and its dependencies. */
    static List<Path> runtimeClient() {
        return Stream.of(
                        FunctionProcess.RUNTIME_CLIENT,
                        "com.amazonaws.services.lambda.runtime.RequestStreamHandler",
                        "com.amazonaws.services.lambda.runtime.serialization.PojoSerializer",
                        "software.amazon.awssdk.utilslite.SdkInternalThreadLocal",
                        "software.amazon.awssdk.annotations.SdkProtectedApi")
                .map(Jars::jarOf)
                .toList();
    }

    /** Unpacks the JARs of a function's zip to a folder. */
    static List<Path> ofFunction(Path zip, Path folder) {
        if (!Files.exists(zip)) {
            throw new BenchException(zip + " is missing. Build it with mvn -DskipTests package.");
        }
        List<Path> jars = new ArrayList<>();
        try (var file = new ZipFile(zip.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = file.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                if (entry.getName().startsWith("lib/") && entry.getName().endsWith(".jar")) {
                    Path jar = folder.resolve(Path.of(entry.getName()).getFileName());
                    try (InputStream content = file.getInputStream(entry)) {
                        Files.write(jar, content.readAllBytes());
                    }
                    jars.add(jar);
                }
            }
        } catch (IOException e) {
            throw new BenchException(zip + " cannot be unpacked: " + e.getMessage(), e);
        }
        if (jars.isEmpty()) {
            throw new BenchException(zip + " has no JAR in lib/. Build it again with mvn -DskipTests package.");
        }
        return jars;
    }

    /** Packs a class and the classes that it declares, uncompressed. */
    static Path ofClass(Class<?> type, Path folder) {
        Path jar = folder.resolve(type.getSimpleName() + ".jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.setLevel(0);
            add(type, out);
            for (Class<?> declared : type.getDeclaredClasses()) {
                add(declared, out);
            }
            return jar;
        } catch (IOException e) {
            throw new BenchException(jar + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static void add(Class<?> type, JarOutputStream out) throws IOException {
        String name = type.getName().replace('.', '/') + ".class";
        try (InputStream content = type.getClassLoader().getResourceAsStream(name)) {
            if (content == null) {
                throw new BenchException(
                        name + " is not on the class path. Build it again with mvn -DskipTests package.");
            }
            out.putNextEntry(new JarEntry(name));
            out.write(content.readAllBytes());
            out.closeEntry();
        }
    }

    private static Path jarOf(String type) {
        try {
            return Path.of(Class.forName(type, false, Jars.class.getClassLoader())
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (ClassNotFoundException | URISyntaxException e) {
            throw new BenchException(
                    "The JAR of " + type + " is not on the class path. Run the benchmark with Maven.", e);
        }
    }
}
