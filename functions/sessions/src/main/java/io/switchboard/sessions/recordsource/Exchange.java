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
 * One HTTP request and its answer, a JSON object: no redirect is followed, no more than 1 MiB is read, and it ends when its time is
 * over. Any thread may do its own.
 */
final class Exchange {
    private static final int MAXIMUM_BYTES = 1_048_576;
    private static final int CHUNK = 16_384;

    private final String who;
    private final Ticker ticker;
    private final long deadline;

    /**
     * @param who for the log: whose answer it is
     * @param deadline as the ticker counts
     */
    Exchange(String who, Ticker ticker, long deadline) {
        this.who = who;
        this.ticker = ticker;
        this.deadline = deadline;
    }

    /** Asks. */
    Map<String, @Nullable Object> get(String url, Map<String, String> headers) throws RecordSourceFault {
        return exchange(url, headers, null);
    }

    /** Sends a form. */
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
                throw RecordSourceFault.ofStatus(who, status);
            }
            Map<String, @Nullable Object> answer = object(read(connection));
            isDone = true;
            return answer;
        } catch (IOException e) {
            throw new RecordSourceFault(who + (deadline - ticker.read() <= 0 ? " timeOut" : " connection"));
        } catch (IllegalArgumentException e) {
            throw new RecordSourceFault(who + " address");
        } finally {
            // What was read to its end may serve again.
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
                    throw new RecordSourceFault(who + " tooLarge");
                }
                // Each read may wait anew: the time-outs alone do not end an answer that drips.
                timeLeft();
                count = input.read(chunk);
            }
        }
        return bytes.toByteArray();
    }

    private Map<String, @Nullable Object> object(byte[] answer) throws RecordSourceFault {
        try {
            if (Json.read(new String(answer, StandardCharsets.UTF_8)) instanceof Map<?, ?> object) {
                return ObjectReader.members(object);
            }
        } catch (Json.MalformedJson e) {
            // Its message could show a piece of a record.
        }
        throw new RecordSourceFault(who + " malformed");
    }

    private Duration timeLeft() throws RecordSourceFault {
        long left = deadline - ticker.read();
        if (left <= 0) {
            throw new RecordSourceFault(who + " timeOut");
        }
        return Duration.ofNanos(left);
    }
}
