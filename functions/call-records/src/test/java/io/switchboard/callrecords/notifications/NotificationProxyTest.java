package io.switchboard.callrecords.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("The system's settings are everybody's")
final class NotificationProxyTest {
    /** Java's own sockets and connections would go to these proxies. */
    @Test
    void no_proxy_of_the_systems_settings_is_asked() {
        try (EndpointServer server = EndpointServer.plain();
                EndpointServer proxy = EndpointServer.plain()) {
            Map<String, String> settings = Map.of(
                    "http.proxyHost", "127.0.0.1",
                    "http.proxyPort", String.valueOf(proxy.port()),
                    "http.nonProxyHosts", "",
                    "socksProxyHost", "127.0.0.1",
                    "socksProxyPort", String.valueOf(proxy.port()),
                    "socksNonProxyHosts", "");
            settings.forEach(System::setProperty);
            try {
                NotificationSender sender = NotificationSender.of(Map.of("PRIVATE_NOTIFICATION_URLS", "true"));
                assertThat(sender.read(server.url("/")))
                        .isInstanceOfSatisfying(
                                NotificationUrl.ParseResult.Valid.class,
                                valid -> assertThat(sender.ask(List.of(valid.url()), Duration.ofSeconds(10)))
                                        .allMatch(objection -> objection.isEmpty()));
                assertThat(proxy.connections()).isZero();
            } finally {
                settings.keySet().forEach(System::clearProperty);
            }
        }
    }
}
