package io.switchboard.callrecords.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("The system's settings are everybody's")
final class NotificationProxyTest {
    /** Java's default sockets and connections would use these proxies. */
    @Test
    void proxies_of_the_system_properties_are_not_used() {
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
                                valid -> assertThat(sender.validate(List.of(valid.url()), Duration.ofSeconds(10)))
                                        .allMatch(objection -> objection.isEmpty()));
                assertThat(proxy.connections()).isZero();
            } finally {
                settings.keySet().forEach(System::clearProperty);
            }
        }
    }
}
