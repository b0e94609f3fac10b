package io.switchboard.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads server-sent events as a browser does. */
final class EventReader implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Event END = new Event("", "", "");

    private final HttpResponse<java.io.InputStream> response;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Thread thread;

    /** An event as received. */
    record Event(String id, String type, String data) {
        JsonNode detail() {
            try {
                return JSON.readTree(data).path("detail");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String text(String name) {
            return detail().path(name).asText();
        }
    }

    private EventReader(HttpResponse<java.io.InputStream> response, BufferedReader lines) {
        this.response = response;
        thread = Thread.startVirtualThread(() -> read(lines));
    }

    /** Opens the stream and returns after the server has confirmed it. */
    static EventReader open(HttpClient http, HttpRequest request) throws IOException, InterruptedException {
        var response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("text/event-stream");
        var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        assertThat(lines.readLine()).startsWith(":");
        return new EventReader(response, lines);
    }

    HttpResponse<?> response() {
        return response;
    }

    /** Returns the next event, and fails if none arrives. */
    Event next() throws InterruptedException {
        @Nullable Event event = events.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        assertThat(event).as("an event within %s", TIMEOUT).isNotNull().isNotSameAs(END);
        return java.util.Objects.requireNonNull(event);
    }

    /** Returns the next events, sorted by type name. */
    List<Event> next(int count) throws InterruptedException {
        List<Event> next = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            next.add(next());
        }
        next.sort(java.util.Comparator.comparing(Event::type));
        return next;
    }

    /** Returns the received events that were not read. */
    List<Event> rest() {
        List<Event> rest = new ArrayList<>();
        events.drainTo(rest);
        return rest;
    }

    /** Returns whether the server ends the stream within this time. */
    boolean endsWithin(Duration time) throws InterruptedException {
        return thread.join(time);
    }

    private void read(BufferedReader lines) {
        String id = "";
        String type = "";
        var data = new StringBuilder();
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    if (!data.isEmpty()) {
                        events.add(new Event(id, type, data.toString()));
                    }
                    data.setLength(0);
                } else if (line.startsWith("id: ")) {
                    id = line.substring("id: ".length());
                } else if (line.startsWith("event: ")) {
                    type = line.substring("event: ".length());
                } else if (line.startsWith("data: ")) {
                    data.append(line.substring("data: ".length()));
                }
            }
        } catch (IOException e) {
            // The stream was closed by either side.
        }
        events.add(END);
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
