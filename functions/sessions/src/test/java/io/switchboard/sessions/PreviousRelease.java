package io.switchboard.sessions;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The functions of an earlier release, from an archive in {@code releases/}, next to the classes of this one. */
final class PreviousRelease implements AutoCloseable {
    private static final String OWN = "io.switchboard.";

    private final OwnFirst classes;

    /** Opens the archive with this name. */
    PreviousRelease(String archive) {
        classes = new OwnFirst(
                Objects.requireNonNull(PreviousRelease.class.getResource("/releases/" + archive + ".jar"), archive));
    }

    /** Returns a function, by the simple name of its class. */
    RequestStreamHandler function(String name, Map<String, String> environment) throws ReflectiveOperationException {
        return (RequestStreamHandler) classes.loadClass(OWN + "sessions." + name)
                .getConstructor(Map.class)
                .newInstance(environment);
    }

    @Override
    public void close() {
        try {
            classes.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Finds the project's classes and resources in the archive only, and all libraries in the class path. */
    private static final class OwnFirst extends URLClassLoader {
        OwnFirst(URL archive) {
            super(new URL[] {archive}, PreviousRelease.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                if (!name.startsWith(OWN)) {
                    return super.loadClass(name, resolve);
                }
                @Nullable Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }

        @Override
        public @Nullable URL getResource(String name) {
            @Nullable URL found = findResource(name);
            return found == null ? super.getResource(name) : found;
        }

        @Override
        public @Nullable InputStream getResourceAsStream(String name) {
            @Nullable URL found = getResource(name);
            try {
                return found == null ? null : found.openStream();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
