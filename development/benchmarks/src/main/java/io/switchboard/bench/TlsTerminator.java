package io.switchboard.bench;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * An https endpoint on 127.0.0.1 in front of DynamoDB Local. It creates its own certificate. The trust store has this
 * certificate and all certificates that the JVM trusts, because a function on AWS reads all of them.
 */
final class TlsTerminator implements AutoCloseable {
    private static final String ALIAS = "bench";
    private static final char[] PASSWORD = "bench-only".toCharArray();

    private final URI target;
    private final Path trustStore;
    private final SSLServerSocket server;

    private TlsTerminator(URI target, Path trustStore, SSLServerSocket server) {
        this.target = target;
        this.trustStore = trustStore;
        this.server = server;
        Thread.ofVirtual().name("tls-terminator").start(this::accept);
    }

    /**
     * Starts an endpoint that forwards to an http endpoint.
     *
     * @param folder for the certificate and the trust store
     * @throws BenchException if the certificate cannot be created, or no port is free
     */
    static TlsTerminator start(URI target, Path folder) {
        try {
            Path keys = folder.resolve("tls.p12");
            createCertificate(keys);
            KeyStore own = KeyStore.getInstance(keys.toFile(), PASSWORD);
            Path trusted = folder.resolve("trusted.p12");
            createTrustStore(own, trusted);
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(own, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            var server = (SSLServerSocket) context.getServerSocketFactory().createServerSocket();
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return new TlsTerminator(target, trusted, server);
        } catch (IOException | GeneralSecurityException e) {
            throw new BenchException("The https endpoint cannot be started: " + e.getMessage(), e);
        }
    }

    URI endpoint() {
        return URI.create("https://127.0.0.1:" + server.getLocalPort());
    }

    /** Returns the JVM options with which a function trusts this endpoint. */
    List<String> options() {
        return List.of("-Djavax.net.ssl.trustStore=" + trustStore);
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new BenchException("The https endpoint cannot be closed: " + e.getMessage(), e);
        }
    }

    private static void createCertificate(Path keys) throws IOException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        "2048",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(new File(keys + ".log"))
                .start();
        try {
            if (keytool.waitFor() != 0) {
                throw new IOException(Files.readString(Path.of(keys + ".log")).strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("keytool was interrupted", e);
        }
    }

    /** Writes the store in the format of the JDK's own certificates, which nothing has to decrypt. */
    private static void createTrustStore(KeyStore own, Path file) throws IOException, GeneralSecurityException {
        Path shipped = Path.of(System.getProperty("java.home"), "lib", "security", "cacerts");
        KeyStore trusted = KeyStore.getInstance(shipped.toFile(), (char[]) null);
        trusted.setCertificateEntry(ALIAS, own.getCertificate(ALIAS));
        try (OutputStream out = Files.newOutputStream(file)) {
            trusted.store(out, "PKCS12".equalsIgnoreCase(trusted.getType()) ? null : PASSWORD);
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket accepted = server.accept();
                Thread.ofVirtual().start(() -> serve(accepted));
            } catch (IOException e) {
                // The server was closed, or a client ended its handshake. The client reports it.
            }
        }
    }

    private void serve(Socket accepted) {
        try (accepted;
                Socket forwarded = new Socket(target.getHost(), target.getPort())) {
            accepted.setTcpNoDelay(true);
            forwarded.setTcpNoDelay(true);
            Thread responses = Thread.ofVirtual().start(() -> copy(forwarded, accepted));
            copy(accepted, forwarded);
            responses.join();
        } catch (IOException e) {
            // The client reports its broken connection.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException e) {
            // One side closed the connection, which ends both directions.
        }
    }
}
