package io.switchboard.sessions.recordsource;

import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.runtime.Ticker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request with a JSON object as the response. It follows no redirects, reads at most 1 MiB and ends at its
 * deadline. Instances are independent of each other, so each thread may use its own.
 */
final class Exchange {
    private static final int MAXIMUM_BYTES = 1_048_576;
    private static final int CHUNK = 16_384;

    private final String server;
    private final Ticker ticker;
    private final long deadline;

    /**
     * @param server the name of the server for the log
     * @param deadline in nanoseconds of the ticker
     */
    Exchange(String server, Ticker ticker, long deadline) {
        this.server = server;
        this.ticker = ticker;
        this.deadline = deadline;
    }

    /** Sends a GET request. */
    Map<String, @Nullable Object> get(String url, Map<String, String> headers) throws RecordSourceFault {
        return exchange(url, headers, null);
    }

    /** Sends a POST request with a form. */
    Map<String, @Nullable Object> post(String url, String form) throws RecordSourceFault {
        return exchange(
                url,
                Map.of("Content-Type", "application/x-www-form-urlencoded"),
                form.getBytes(StandardCharsets.UTF_8));
    }

    private Map<String, @Nullable Object> exchange(String url, Map<String, String> headers, byte @Nullable [] body)
            throws RecordSourceFault {
        @Nullable HttpURLConnection connection = null;
        boolean isDone = false;
        try {
            connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
            int left = Math.toIntExact(Math.max(1, timeLeft().toMillis()));
            connection.setConnectTimeout(left);
            connection.setReadTimeout(left);
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            connection.setRequestProperty("Accept", "application/json");
            connection.setRequestProperty("User-Agent", "Switchboard");
            headers.forEach(connection::setRequestProperty);
            if (body != null) {
                connection.setDoOutput(true);
                try (OutputStream output = connection.getOutputStream()) {
                    output.write(body);
                }
            }
            int status = connection.getResponseCode();
            if (status != 200) {
                throw RecordSourceFault.ofStatus(server, status);
            }
            Map<String, @Nullable Object> response = object(read(connection));
            isDone = true;
            return response;
        } catch (IOException e) {
            throw new RecordSourceFault(server + (deadline - ticker.read() <= 0 ? " timeOut" : " connection"));
        } catch (IllegalArgumentException e) {
            throw new RecordSourceFault(server + " address");
        } finally {
            // Keeps the connection for reuse only if the response was read completely.
            if (connection != null && !isDone) {
                connection.disconnect();
            }
        }
    }

    private byte[] read(HttpURLConnection connection) throws IOException, RecordSourceFault {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        try (InputStream input = connection.getInputStream()) {
            int count = input.read(chunk);
            while (count >= 0) {
                bytes.write(chunk, 0, count);
                if (bytes.size() > MAXIMUM_BYTES) {
                    throw new RecordSourceFault(server + " tooLarge");
                }
                // The read timeout applies to each read, so only this check ends a slow response.
                timeLeft();
                count = input.read(chunk);
            }
        }
        return bytes.toByteArray();
    }

    private Map<String, @Nullable Object> object(byte[] body) throws RecordSourceFault {
        try {
            if (Json.read(new String(body, StandardCharsets.UTF_8)) instanceof Map<?, ?> object) {
                return ObjectReader.members(object);
            }
        } catch (Json.MalformedJson e) {
            // Its message could contain a part of a record.
        }
        throw new RecordSourceFault(server + " malformed");
    }

    private Duration timeLeft() throws RecordSourceFault {
        long left = deadline - ticker.read();
        if (left <= 0) {
            throw new RecordSourceFault(server + " timeOut");
        }
        return Duration.ofNanos(left);
    }
}
