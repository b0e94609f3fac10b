package io.switchboard.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;

/** Sends raw HTTP requests, for headers that the JDK's client does not allow. */
final class RawRequest implements AutoCloseable {
    private final Socket socket;

    RawRequest(URI base) throws IOException {
        socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), base.getPort());
    }

    /** Sends a request and returns the whole response, after which the server closes the connection. */
    String send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }

    /** Sends a request and returns the head of the response. */
    String firstLines(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
        var head = new StringBuilder();
        for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
            head.append(line).append('\n');
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
